/**
 * Failures: errors that can be kept and handed around. An error that was only made has
 * been nowhere yet, so its failure shows no frames; that of an error which was thrown and
 * caught shows where it came from.
 *
 *     deno run examples/failure-examples.ts
 *
 * @module
 */

import { Failure } from "../mod.ts";
import "./shared/output.ts";

class RhymeError extends Error {}

function checkRhymes(poem: string): string {
  if (!poem.includes("moon")) {
    throw new RhymeError("Nothing here rhymes with June.");
  }
  return poem;
}

console.log("An error that was only made:\n");
console.log(`${new Failure(new RhymeError("I was never thrown."))}\n`);

console.log("An error that was caught:\n");
console.log(`${Failure.capture(() => checkRhymes("It was in June."))}`);
