/**
 * What this worker runs on.
 *
 * @module
 */

import type { Backend } from "../../mod.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** The network and the clock. */
export interface Current {
  readonly backend: Backend;
  readonly time: VirtualTime;
}

let current: Current | undefined;

/** Says what it is, once. */
export function set(chosen: Current): void {
  current = chosen;
}

/** What it is. */
export function get(): Current {
  if (current === undefined) throw new Error("The worker has not started yet");
  return current;
}
