/**
 * Reading pairs, line by line, and asking again for a line that is wrong.
 *
 * @module
 */

import { BadLine, type Pair, parsePair } from "./pair.ts";

const GREETING = `
What does each stage of the deferred do? Write a callback and an errback on each
line. Both are one of these, or the beginning of one:

  return VALUE    returns it
  fail VALUE      throws it
  passthru        returns what it was given

A VALUE has at most 6 characters. For example: return poem passthru
An empty line ends the list.
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

/** Reads pairs up to an empty line or the end. */
export async function readPairs(
  { lines, interactive, tell }: Asking,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  const prompt = () => {
    if (interactive) tell(`${pairs.length + 1}> `);
  };
  if (interactive) tell(`${GREETING}\n`);
  prompt();
  for await (const line of lines) {
    if (line.trim() === "") break;
    try {
      pairs.push(parsePair(line));
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      tell(`ERROR: ${error.message}\n`);
    }
    prompt();
  }
  return pairs;
}
