/**
 * What a parser of command lines takes and gives, whichever it is.
 *
 * @module
 */

/** What the parser is to know. */
export interface FlagOptions {
  /** The names of the options that have a value; `_` to keep operands as they are. */
  string: string[];
  /** The names of those that have none. */
  boolean: string[];
  /** Short names. */
  alias: Record<string, string>;
  /** Told of what is neither, and of operands, which have no name. */
  unknown: (arg: string, name?: string) => void;
}

/** What the parser has found: the options by their names, and the operands. */
export type Flags = Record<string, unknown> & { _: string[] };
