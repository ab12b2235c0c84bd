/**
 * Reading pairs, line by line. Somebody who sits there is asked again for a line that is
 * wrong; for a program that writes them, it is an error.
 *
 * @module
 */

import { UsageError } from "../../cli/exit.ts";
import { BadLine, type Pair, parsePair } from "./pair.ts";

const GREETING = `
What does each stage of the deferred do? Write a callback and an errback on each
line. Both are one of these, or the beginning of one:

  return VALUE    returns it
  fail VALUE      throws it
  passthru        returns what it was given

A VALUE has at most 6 characters. For example: return poem passthru
An empty line ends the list. In the drawing, a star marks a failure: initial*
`;

/** Where pairs come from, and where users are told things. */
export interface Asking {
  /** The lines of the user. */
  lines: AsyncIterable<string>;
  /** Whether somebody sits there and is to be told what to do. */
  interactive: boolean;
  /** Tells them something; line ends are part of it. */
  tell: (text: string) => void;
}

/**
 * Reads pairs up to an empty line behind them, or the end.
 *
 * @throws {UsageError} if there is no pair, or if a line is wrong and nobody can be asked
 */
export async function readPairs(
  { lines, interactive, tell }: Asking,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  const prompt = () => {
    if (interactive) tell(`${pairs.length + 1}> `);
  };
  if (interactive) tell(`${GREETING}\n`);
  prompt();
  let count = 0;
  for await (const line of lines) {
    count++;
    const isEmpty = line.trim() === "";
    if (isEmpty && pairs.length > 0) break;
    try {
      if (!isEmpty) pairs.push(parsePair(line));
      else if (interactive) tell("At least one pair is needed.\n");
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      if (!interactive) throw wrongLine(count, error);
      tell(`ERROR: ${error.message}\n`);
    }
    prompt();
  }
  if (pairs.length > 0) return pairs;
  throw new UsageError("There is nothing to draw: no pair was given.");
}

function wrongLine(count: number, { message }: BadLine): UsageError {
  return new UsageError(`Line ${count} is not a pair: ${message}.`);
}
