/**
 * Pairs of a callback and an errback, as users write them: `return poem passthru`.
 *
 * @module
 */

/** What one function of a pair does with what it is given. */
export type Action =
  | { command: "return"; value: string }
  | { command: "fail"; value: string }
  | { command: "passthru" };

/** One stage of a chain. */
export interface Pair {
  callback: Action;
  errback: Action;
}

/** A line that is no pair; the message says what is wrong with it. */
export class BadLine extends Error {
  override name = "BadLine";
}

/** As much as fits into a box. */
const MOST_CHARACTERS = 6;

const COMMANDS = ["return", "fail", "passthru"] as const;

/** Reads a line. Throws a {@linkcode BadLine} where it is no pair. */
export function parsePair(line: string): Pair {
  const words = line.split(/\s+/).filter((word) => word !== "");
  const callback = takeAction(words);
  const errback = takeAction(words);
  if (words.length > 0) {
    throw new BadLine(`extra arguments: ${words.join(" ")}`);
  }
  return { callback, errback };
}

/** Writes an action out in full. */
export function showAction(action: Action): string {
  return action.command === "passthru"
    ? action.command
    : `${action.command} ${action.value}`;
}

/** How many characters a reader sees: an accent may be a code of its own. */
export function lengthOf(text: string): number {
  return [...new Intl.Segmenter().segment(text)].length;
}

/** Takes one action off the front of the words. */
function takeAction(words: string[]): Action {
  const word = words.shift();
  if (word === undefined) throw new BadLine("missing command");
  const command = COMMANDS.find((command) =>
    command.startsWith(word.toLowerCase())
  );
  if (command === undefined) throw new BadLine(`bad command: ${word}`);
  return command === "passthru" ? { command } : {
    command,
    value: takeValue(words),
  };
}

function takeValue(words: string[]): string {
  const value = words.shift();
  if (value === undefined) throw new BadLine("missing argument");
  if (lengthOf(value) > MOST_CHARACTERS) {
    throw new BadLine(
      `result more than ${MOST_CHARACTERS} chars long: ${value}`,
    );
  }
  return value;
}
