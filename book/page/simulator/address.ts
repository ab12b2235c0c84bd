/**
 * A simulated chain as the end of an address, so that it can be sent to somebody.
 *
 * @module
 */

import {
  BadLine,
  type Pair,
  parsePair,
  showAction,
} from "../../../examples/simulator/pair.ts";
import type { Side } from "../../../examples/simulator/step.ts";

/** What is simulated. */
export interface Simulation {
  readonly pairs: readonly Pair[];
  /** The ways in which the deferred is fired. */
  readonly sides: readonly Side[];
}

/** An address that holds no chain; the message says why. */
export class BadAddress extends Error {
  override name = "BadAddress";
}

/** More are no chain that anybody can look at. */
export const MOST_PAIRS = 30;

const BOTH: readonly Side[] = ["callback", "errback"];

/** What is simulated where the address holds nothing. */
const FIRST = ["return poem passthru", "fail bad passthru", "p return saved"];

/** Writes it: `#pair=return+poem+passthru&fire=errback`. */
export function formatAddress({ pairs, sides }: Simulation): string {
  const parameters = new URLSearchParams(
    pairs.map((pair) => ["pair", showPair(pair)]),
  );
  if (pairs.length === 0) parameters.set("pair", "");
  const [side] = sides;
  if (sides.length === 1 && side) parameters.set("fire", side);
  return `#${parameters}`;
}

/**
 * Reads it.
 *
 * @throws {BadAddress}
 */
export function parseAddress(hash: string): Simulation {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const lines = parameters.getAll("pair");
  if (lines.length > MOST_PAIRS) {
    throw new BadAddress(
      `The address has ${lines.length} pairs: at most ${MOST_PAIRS} are drawn.`,
    );
  }
  const fire = parameters.get("fire");
  const sides = BOTH.filter((side) => fire === null || fire === side);
  if (sides.length === 0) {
    throw new BadAddress(
      `The address fires by ${fire}: it must be callback or errback.`,
    );
  }
  const isEmpty = lines.length === 1 && lines[0] === "";
  return { pairs: isEmpty ? [] : readPairs(lines), sides };
}

/** A pair as a line of the terminal's: `return poem passthru`. */
export function showPair({ callback, errback }: Pair): string {
  return `${showAction(callback)} ${showAction(errback)}`;
}

/** The command that draws the same in a terminal. */
export function showCommand({ pairs, sides }: Simulation): string {
  const lines = pairs.map((pair) => quote(showPair(pair))).join(" ");
  const option = sides.length === 1 ? ` --${sides[0]}` : "";
  return `printf '%s\\n' ${lines} | deno run examples/deferred-simulator.ts${option}`;
}

function readPairs(lines: readonly string[]): Pair[] {
  return (lines.length > 0 ? lines : FIRST).map((line, i) => {
    try {
      return parsePair(line);
    } catch (error) {
      if (!(error instanceof BadLine)) throw error;
      throw new BadAddress(
        `Pair ${i + 1} of the address is not a pair: ${error.message}.`,
      );
    }
  });
}

/** For a shell. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
