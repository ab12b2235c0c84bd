/**
 * The command line of the clients that have poems transformed.
 *
 * @module
 */

import { type Address, parseAddress } from "../../../cli/addresses.ts";
import {
  type ClientOptions,
  parseOperands,
} from "../../../cli/client_arguments.ts";
import { requireNet } from "../../../cli/permissions.ts";
import { exitOnUsageError, UsageError } from "../../../cli/exit.ts";

/** The servers that a client needs. */
export interface TransformArguments {
  transformer: Address;
  /** The servers to get poems from: one or more. */
  addresses: Address[];
  /** In seconds, if the client takes `--timeout` and the user has set one. */
  timeout: number | undefined;
}

/** Like `parseArguments`, where the first address is the transform server's. */
export function parseTransformArguments(
  about: string,
  options: ClientOptions = {},
): TransformArguments {
  const operands = {
    name: "TRANSFORMER [hostname]:port",
    parse: parseAddress,
    requirePermission: requireNet,
  };
  const { addresses: all, timeout } = parseOperands(operands, about, options);
  const [transformer, ...addresses] = all;
  if (transformer === undefined || addresses.length === 0) {
    return exitOnUsageError(() => {
      throw new UsageError(
        "Provide the address of a transform server, and those of poetry servers; --help tells more.",
      );
    });
  }
  return { transformer, addresses, timeout };
}
