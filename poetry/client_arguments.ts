/**
 * The command line of every poetry client.
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
import { orExit } from "./errors.ts";
import { timeout } from "./options.ts";
import { requireNet } from "./permissions.ts";
import { program } from "./program.ts";

/** What a client is asked to do. */
export interface ClientArguments {
  /** The servers to get poems from: one or more. */
  addresses: Address[];
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

/**
 * Reads the command line of the running client. A user who asks for help, or names no
 * server, is shown the help, with `about` in it; one who got something wrong is told
 * what. Both end the program.
 */
export function parseArguments(
  about: string,
  options: ClientOptions = {},
): ClientArguments {
  const usage = `Usage: ${programName()} [options] [hostname]:port ...`;
  const accepted: Accepted = options.timeout ? { timeout } : {};
  const found = orExit(() => readArguments(program.args, accepted), usage);
  if (found.addresses.length === 0) {
    console.log(helpText(usage, about, accepted));
    program.exit(0);
  }
  orExit(() => found.addresses.forEach(requireNet));
  return found;
}

/** No addresses are to be found where the user asked for help. */
function readArguments(
  args: readonly string[],
  accepted: Accepted,
): ClientArguments {
  const { values, operands } = parseCommandLine(args, accepted);
  return { addresses: operands.map(parseAddress), timeout: values.timeout };
}
