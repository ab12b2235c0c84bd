import { type Deferred, startRecord } from "./deferred.ts";
import { recorder, recordOf, type Step } from "./record.ts";

/**
 * Records what the stages of a deferred do from now on: the side that was reached, its
 * argument and its result; also where that side is missing.
 * @returns grows as the chain runs; one for a deferred
 * @example
 * ```ts
 * import { Deferred, trace } from "@deferno/deferno";
 *
 * const d = new Deferred<string>();
 * const steps = trace(d);
 * d.addCallback((poem) => poem.toUpperCase());
 * d.callback("poem");
 * console.assert(steps[0]?.result === "POEM");
 * ```
 * @category Deferred
 */
export function trace(d: Deferred<unknown>): readonly Step[] {
  startRecord(d, recorder);
  return recordOf(d);
}
