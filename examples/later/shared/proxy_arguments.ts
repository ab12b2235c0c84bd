/**
 * The command line of the proxies.
 *
 * @module
 */

import {
  type Address,
  formatAddress,
  parseAddress,
} from "../../../cli/addresses.ts";
import { iface, port } from "../../../cli/options.ts";
import { requireNet } from "../../../cli/permissions.ts";
import { UsageError } from "../../../cli/exit.ts";
import { type ListenValues, parseServer } from "./listen.ts";

/** What a proxy is told. */
export interface ProxyArguments {
  options: ListenValues;
  /** The server whose poem it passes on. */
  server: Address;
  /** The same, for people. */
  name: string;
}

/** Parses the command line of the running proxy: one address, and where to listen. */
export function parseProxyArguments(about: string): ProxyArguments {
  const { options, operand: server } = parseServer(about, { port, iface }, {
    usage: "[hostname]:port",
    parse([text, ...others]) {
      if (text === undefined || others.length > 0) {
        throw new UsageError(
          "Provide the address of exactly one server; --help tells more.",
        );
      }
      const address = parseAddress(text);
      requireNet(address);
      return address;
    },
  });
  return { options, server, name: `the poem of ${formatAddress(server)}` };
}
