/**
 * The command line of every poetry client.
 *
 * @module
 */

import type { Address, SocketAddress } from "./addresses.ts";
import {
  helpText,
  type Option,
  parseCommandLine,
  programName,
} from "./command_line.ts";
import {
  type EndpointAddress,
  parseEndpoint,
  parseSocketAddress,
  parseTCPAddress,
} from "./endpoints.ts";
import { exitOnUsageError } from "./usage_error.ts";
import { timeout } from "./options.ts";
import { endWithOutput } from "./output.ts";
import { requireNet } from "./permissions.ts";
import { program } from "../poetry/program.ts";

/** What a client is asked to do. */
export interface ClientArguments<A> {
  /** The servers to get poems from: one or more. */
  addresses: A[];
  /** The seconds a poem may take, where the user has set a limit. */
  timeout: number | undefined;
}

/** Which options a client has. */
export interface ClientOptions {
  /**
   * Whether it takes `--timeout`.
   *
   * @default {false}
   */
  timeout?: boolean;
}

type Accepted = Record<string, Option<number | undefined>>;

/** What the help says of addresses, where they can be more than hosts and ports. */
const SOCKETS = `An address may also be tcp:HOST:PORT or unix:PATH.`;
const ENDPOINTS =
  `An address may also be the string of an endpoint, such as tcp:HOST:PORT,
unix:PATH or tls:HOST:PORT.`;

/**
 * Reads the command line of the running client. A user who asks for help, or names no
 * server, is shown the help, with `about` in it; one who got something wrong is told
 * what. Both end the program, and from then on so does output that nobody takes.
 */
export function parseArguments(
  about: string,
  options: ClientOptions = {},
): ClientArguments<Address | EndpointAddress> {
  return parseWith(parseEndpoint, `${about}\n${ENDPOINTS}`, options);
}

/** The same for a client that can do with sockets alone. */
export function parseSocketArguments(
  about: string,
  options: ClientOptions = {},
): ClientArguments<SocketAddress> {
  return parseWith(parseSocketAddress, `${about}\n${SOCKETS}`, options);
}

/** The same for a client that knows TCP and nothing else. */
export function parseTCPArguments(
  about: string,
  options: ClientOptions = {},
): ClientArguments<Address> {
  return parseWith(parseTCPAddress, about, options);
}

function parseWith<A extends SocketAddress | EndpointAddress>(
  parse: (text: string) => A,
  about: string,
  options: ClientOptions,
): ClientArguments<A> {
  endWithOutput();
  const usage = `Usage: ${programName()} [options] [hostname]:port ...`;
  const accepted: Accepted = options.timeout ? { timeout } : {};
  const found = exitOnUsageError(() => {
    const { values, operands } = parseCommandLine(program.args, accepted);
    return { addresses: operands.map(parse), timeout: values.timeout };
  }, usage);
  // None are to be found where the user asked for help.
  if (found.addresses.length === 0) {
    console.log(helpText(usage, about, accepted));
    program.exit(0);
  }
  exitOnUsageError(() => found.addresses.forEach(requireServer));
  return found;
}

/** What else an endpoint may need, only itself knows: it fails where it has not got it. */
function requireServer(server: SocketAddress | EndpointAddress): void {
  const address = "endpoint" in server ? server.socket : server;
  if (address !== undefined) requireNet(address);
}
