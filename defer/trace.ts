/**
 * A record of what a chain does.
 *
 * @module
 */

import { type Deferred, startRecord } from "./deferred.ts";
import { recorder, recordOf, type Step } from "./record.ts";

/**
 * Records what the stages of a deferred do from now on: the side that was
 * reached, its argument and its result; also where that side is missing.
 *
 * @param d the deferred; the same one has one record
 * @returns the record, which grows as the chain runs
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
 * @category Deferred
 */
export function trace(d: Deferred<unknown>): readonly Step[] {
  startRecord(d, recorder);
  return recordOf(d);
}
