/**
 * The command line of the poetry clients.
 *
 * @module
 */

import { type Address, parseAddress } from "./addresses.ts";
import {
  helpText,
  type Option,
  parseCommandLine,
  programName,
} from "./command_line.ts";
import { timeout } from "./options.ts";
import { endWithOutput, exitOnUsageError } from "./exit.ts";
import { requireNet } from "./permissions.ts";

export interface ClientArguments<A = Address> {
  /** The servers to get poems from: one or more. */
  addresses: A[];
  /** The limit for all poems, in seconds, if the user has set one. */
  timeout: number | undefined;
}

export interface ClientOptions {
  /**
   * Whether it takes `--timeout`.
   *
   * @default {false}
   */
  timeout?: boolean;
}

/** How a client reads its operands. */
export interface Operands<A> {
  name: string;
  /** Parses one, or throws a `UsageError`. */
  parse(text: string): A;
  /** Throws a `UsageError` if the program may not connect there. */
  requirePermission(address: A): void;
}

const ADDRESSES: Operands<Address> = {
  name: "[hostname]:port",
  parse: parseAddress,
  requirePermission: requireNet,
};

/**
 * Parses the command line of the running client. Prints the help, with `about` in it,
 * and exits if there is no address or the user asks for it; exits with a message if
 * something is wrong. From then on, output that cannot be written ends the program.
 */
export function parseArguments(
  about: string,
  options: ClientOptions = {},
): ClientArguments {
  return parseOperands(ADDRESSES, about, options);
}

/** The same for a client that takes something else than hosts and ports. */
export function parseOperands<A>(
  { name, parse, requirePermission }: Operands<A>,
  about: string,
  options: ClientOptions,
): ClientArguments<A> {
  endWithOutput();
  const usage = `Usage: ${programName()} [options] ${name} ...`;
  const accepted: Record<string, Option<number | undefined>> = options.timeout
    ? { timeout }
    : {};
  const found = exitOnUsageError(() => {
    const { values, operands } = parseCommandLine(Deno.args, accepted);
    return { addresses: operands.map(parse), timeout: values.timeout };
  }, usage);
  // --help leaves no operands either.
  if (found.addresses.length === 0) {
    console.log(helpText(usage, about, accepted));
    Deno.exit(0);
  }
  exitOnUsageError(() => found.addresses.forEach(requirePermission));
  return found;
}
