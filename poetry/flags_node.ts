/**
 * The parser of command lines that Node brings along.
 *
 * @module
 */

import { parseArgs } from "node:util";
import type { FlagOptions, Flags } from "../cli/flag_types.ts";

/** Finds options and operands. */
export function parseFlags(args: string[], options: FlagOptions): Flags {
  const known: Record<string, { type: "string" | "boolean"; short?: string }> =
    {};
  for (const name of options.string) known[name] = { type: "string" };
  for (const name of options.boolean) {
    known[name] = { type: "boolean", short: options.alias[name] };
  }
  const { values, positionals, tokens } = parseArgs({
    args,
    options: known,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== "option" || Object.hasOwn(known, token.name)) continue;
    options.unknown(args[token.index] ?? "", token.name);
  }
  return { ...values, _: positionals };
}
