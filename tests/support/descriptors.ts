// Whether the numbers of what was open are given back.

import type { Pollable } from "../../mod.ts";
import {
  closeDescriptor,
  openDescriptor,
} from "../../reactor/loop/descriptors.ts";

const NOTHING: Pollable = { pollRead() {}, pollWrite() {} };

/**
 * The highest number that is given out when many are open. It is the same
 * afterwards as before, if all that was opened meanwhile is closed.
 */
export function highestDescriptor(): number {
  const numbers = Array.from({ length: 200 }, () => openDescriptor(NOTHING));
  numbers.forEach(closeDescriptor);
  return Math.max(...numbers);
}
