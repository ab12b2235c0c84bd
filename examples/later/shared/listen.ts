/**
 * What the servers of this folder share: opening a port, and a command line without a
 * poem's file.
 *
 * @module
 */

import {
  CannotListenError,
  type Factory,
  type InternetAddress,
  type Port,
  reactor,
} from "../../../mod.ts";
import {
  helpText,
  type Options,
  parseCommandLine,
  programName,
  type Values,
} from "../../../cli/command_line.ts";
import {
  exitOnUsageError,
  outliveOutput,
  UsageError,
} from "../../../cli/exit.ts";
import { requireNet } from "../../../cli/permissions.ts";

/** Where a server listens. */
export interface ListenValues {
  port: number;
  iface: string;
}

/**
 * Opens a port for a factory, and prints where as soon as the reactor runs. Exits with a
 * message where that is impossible.
 *
 * @param what the server serves: `Serving WHAT on port N.`
 * @param print what takes that line; the console unless told otherwise
 */
export function listen(
  factory: Factory,
  what: string,
  address: ListenValues,
  print: (line: string) => void = (line) => console.log(line),
): void {
  const port = exitOnUsageError(() => openPort(factory, address));
  reactor.callWhenRunning(() => {
    print(`Serving ${what} on port ${port.getHost().port}.`);
  });
}

function openPort(
  factory: Factory,
  { port, iface }: ListenValues,
): Port<InternetAddress> {
  requireNet({ hostname: iface, port });
  try {
    return reactor.listenTCP(port, factory, { interface: iface });
  } catch (error) {
    if (!(error instanceof CannotListenError)) throw error;
    throw new UsageError(`${error.message}.`);
  }
}

/** What a server's command line says. */
export interface CommandLine<O extends Options, T> {
  options: Values<O>;
  /** What `parse` has made of the operands. */
  operand: T;
}

/** The operands of a server. */
export interface Operands<T> {
  /** As the usage shows them; empty if there are none. */
  usage: string;
  /** Throws a `UsageError` where they are not what is needed. */
  parse(operands: string[]): T;
}

/**
 * Parses the command line of the running server. Prints the help, with `about` in it, and
 * exits if the user asks for it; exits with a message if something is wrong.
 */
export function parseServer<O extends Options, T>(
  about: string,
  accepted: O,
  { usage, parse }: Operands<T>,
): CommandLine<O, T> {
  outliveOutput();
  const line = `Usage: ${programName()} [options] ${usage}`.trimEnd();
  return exitOnUsageError(() => {
    const { help, values, operands } = parseCommandLine(Deno.args, accepted);
    if (help) {
      console.log(helpText(line, about, accepted));
      Deno.exit(0);
    }
    return { options: values, operand: parse(operands) };
  }, line);
}
