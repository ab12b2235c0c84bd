/**
 * Command lines: what stands in them, and the help that describes them.
 *
 * @module
 */

import { UsageError } from "./usage_error.ts";
import { parseFlags } from "./flags.ts";
import { program } from "../poetry/program.ts";

/** An option that is followed by a value, as in `--delay 0.1`. */
export interface Option<T> {
  /** What stands for the value in the help, e.g. `SECONDS`. */
  readonly placeholder: string;
  /** What it is for, in one line. */
  readonly help: string;
  /** The value where the option is not given. */
  readonly default: T;
  /**
   * Whether the help leaves it out: a program says it to another, no user does.
   *
   * @default {false}
   */
  readonly hidden?: boolean;
  /**
   * Which options cannot stand beside this one, by their names: they say the same.
   *
   * @default {[]}
   */
  readonly excludes?: readonly string[];
  /** Reads the value, or throws a {@linkcode UsageError}. */
  parse(text: string): T;
}

/** The options of a program, by their names without the dashes. */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** The values that belong to a program's options. */
export type Values<O extends Options> = {
  [Name in keyof O]: O[Name] extends Option<infer T> ? T : never;
};

/** What a user typed after the name of a program. */
export interface CommandLine<O extends Options> {
  /** True where the user asked for help. */
  help: boolean;
  /** The options' values. */
  values: Values<O>;
  /** What is neither an option nor its value. */
  operands: string[];
}

/** Reads a command line. Throws a {@linkcode UsageError} where it cannot. */
export function parseCommandLine<O extends Options>(
  args: readonly string[],
  options: O,
): CommandLine<O> {
  const names = Object.keys(options);
  const parsed = parseFlags(joinValues(args, names), {
    string: [...names, "_"],
    boolean: ["help"],
    alias: { help: "h" },
    unknown(arg, name) {
      // Operands come by here too, without a name.
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
  return program.name;
}

/** Describes a program and its options. */
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
 * Writes `--delay -1` as `--delay=-1`. The parser would take the `-1` for another option,
 * and the user would not learn what is wrong with it.
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
