/**
 * The parser of command lines. On Node `flags_node.ts` stands in.
 *
 * @module
 */

import { parseArgs as untypedParseArgs } from "npm:deno-std@1.4.0/cli/parse_args.js";
import type { FlagOptions, Flags } from "./flag_types.ts";

/** The npm package of the standard library comes without types. */
export const parseFlags = untypedParseArgs as (
  args: string[],
  options: FlagOptions,
) => Flags;
