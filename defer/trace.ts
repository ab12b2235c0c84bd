/**
 * Seeing what a chain has done.
 *
 * @module
 */

import { type Deferred, startRecord } from "./deferred.ts";
import { recordOf, type Step } from "./record.ts";

/**
 * Has it recorded what the stages of a deferred do, from now on: which side was
 * reached, with which argument, and what came of it. A stage without a function
 * on that side lets the result pass, which is recorded too.
 *
 * It costs nothing where it is not used, and a little for each stage where it is.
 *
 * @param d the deferred; asking again gives the same record
 * @returns the steps so far, and those to come as they are made
 *
 * @example
 * ```ts
 * import { Deferred, trace } from "@deferno/deferno";
 *
 * const d = new Deferred<string>();
 * const steps = trace(d);
 * d.addCallback(function shout(poem) {
 *   return poem.toUpperCase();
 * });
 * d.callback("poem");
 * const [step] = steps;
 * console.assert(step?.name === "shout" && step.argument === "poem");
 * console.assert(step?.result === "POEM");
 * ```
 */
export function trace(d: Deferred<unknown>): readonly Step[] {
  startRecord(d);
  return recordOf(d);
}
