/**
 * Part 6, exercise 2: `Failure.trap` beside `catch`. Both let pass what is of another
 * class: `catch` takes every error, so it has to ask and to throw again, and `trap` does
 * both in one call.
 *
 *     deno run examples/exercises/part-6-2.ts
 *
 * @module
 */

import { Failure } from "../../mod.ts";
import "../shared/output.ts";

class RhymeError extends Error {
  override name = "RhymeError";
}

/** A subclass: both find it by its superclass. */
class HalfRhymeError extends RhymeError {
  override name = "HalfRhymeError";
}

function write(error: Error): never {
  throw error;
}

function withCatch(error: Error): string {
  try {
    return write(error);
  } catch (caught) {
    if (!(caught instanceof RhymeError)) throw caught;
    return "handled";
  }
}

function withTrap(error: Error): string {
  const failure = new Failure(error);
  failure.trap(RhymeError);
  return "handled";
}

for (
  const error of [
    new RhymeError("no rhyme"),
    new HalfRhymeError("half a rhyme"),
    new RangeError("no ink"),
  ]
) {
  for (const way of [withCatch, withTrap]) {
    const outcome = Failure.capture(() => way(error));
    const text = outcome instanceof Failure
      ? `${outcome.type?.name} is thrown again`
      : outcome;
    console.log(`${way.name}, ${error.name}: ${text}`);
  }
}
