/**
 * Parses command lines, and prints the help for them.
 *
 * @module
 */

import { parseArgs as untypedParseArgs } from "npm:deno-std@1.4.0/cli/parse_args.js";
import { UsageError } from "./exit.ts";

/** The npm package of the standard library comes without types. */
const parseArgs = untypedParseArgs as (
  args: string[],
  options: {
    string: string[];
    boolean: string[];
    alias: Record<string, string>;
    unknown: (arg: string, name?: string) => void;
  },
) => Record<string, unknown> & { _: string[] };

/** An option that is followed by a value, as in `--delay 0.1`. */
export interface Option<T> {
  /** The name of the value in the help, e.g. `SECONDS`. */
  readonly placeholder: string;
  readonly help: string;
  /** The value if the option is not given. */
  readonly default: T;
  /**
   * Whether the help leaves it out: it is for programs, not for users.
   *
   * @default {false}
   */
  readonly hidden?: boolean;
  /**
   * The names of options that cannot be given together with this one.
   *
   * @default {[]}
   */
  readonly excludes?: readonly string[];
  /** Parses the value, or throws a {@linkcode UsageError}. */
  parse(text: string): T;
}

/** The options of a program by name, without the dashes. */
export type Options = Readonly<Record<string, Option<unknown>>>;

export type Values<O extends Options> = {
  [Name in keyof O]: O[Name] extends Option<infer T> ? T : never;
};

export interface CommandLine<O extends Options> {
  help: boolean;
  values: Values<O>;
  /** What is neither an option nor its value. */
  operands: string[];
}

/** @throws {UsageError} if it is invalid */
export function parseCommandLine<O extends Options>(
  args: readonly string[],
  options: O,
): CommandLine<O> {
  const names = Object.keys(options);
  const parsed = parseArgs(joinValues(args, names), {
    string: [...names, "_"],
    boolean: ["help"],
    alias: { help: "h" },
    unknown(arg, name) {
      // Also called for operands, without a name.
      if (name !== undefined) throw new UsageError(`No such option: ${arg}.`);
    },
  });
  if (parsed.help) {
    return { help: true, values: defaults(options), operands: [] };
  }

  const values: Record<string, unknown> = defaults(options);
  for (const [name, option] of Object.entries(options)) {
    const text = parsed[name];
    if (text === undefined) continue;
    const other = option.excludes?.find((other) => parsed[other] !== undefined);
    if (other !== undefined) {
      throw new UsageError(`Cannot take --${other} beside --${name}.`);
    }
    if (text === "") throw new UsageError(`Option --${name} needs a value.`);
    if (typeof text === "string") values[name] = option.parse(text);
  }
  return { help: false, values: values as Values<O>, operands: parsed._ };
}

/** The file name of the running program, e.g. `slowpoetry.ts`. */
export function programName(): string {
  return new URL(Deno.mainModule).pathname.split("/").at(-1) ?? "";
}

export function helpText(
  usage: string,
  about: string,
  options: Options,
): string {
  const shown = Object.entries(options).filter(([, { hidden }]) => !hidden);
  const rows = shown.map((
    [name, { placeholder, help }],
  ) => ({ option: `--${name} ${placeholder}`, help }));
  rows.push({ option: "--help", help: "Print this help and exit." });
  const width = Math.max(...rows.map(({ option }) => option.length));
  const lines = rows.map(({ option, help }) =>
    `  ${option.padEnd(width)}  ${help}`
  );
  return `${usage}\n\n${about.trim()}\n\nOptions:\n${lines.join("\n")}`;
}

/**
 * Turns `--delay -1` into `--delay=-1`: the parser would take `-1` for an option, and the
 * message would be about that.
 */
function joinValues(args: readonly string[], names: string[]): string[] {
  const options = names.map((name) => `--${name}`);
  const joined: string[] = [];
  const rest = args.values();
  for (const arg of rest) {
    if (arg === "--") return [...joined, arg, ...rest];
    const next = options.includes(arg) ? `=${rest.next().value ?? ""}` : "";
    joined.push(arg + next);
  }
  return joined;
}

function defaults<O extends Options>(options: O): Values<O> {
  const entries = Object.entries(options).map((
    [name, option],
  ) => [name, option.default]);
  return Object.fromEntries(entries);
}
