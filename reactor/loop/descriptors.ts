// The table of open descriptors, as a kernel keeps one. It is the process's and
// not a reactor's, so that `fileno()` alone identifies a socket.

import type { Pollable } from "../backend.ts";

const table: (Pollable | undefined)[] = [];

const free: number[] = [];

/** As in a kernel, 0 to 2 belong to the standard streams. */
let next = 3;

/** Gives what was opened a number, maybe one that was closed before. */
export function openDescriptor(pollable: Pollable): number {
  const fileno = free.pop() ?? next++;
  table[fileno] = pollable;
  return fileno;
}

export function closeDescriptor(fileno: number): void {
  if (table[fileno] === undefined) return;
  table[fileno] = undefined;
  free.push(fileno);
}

export function findDescriptor(fileno: number): Pollable | undefined {
  return table[fileno];
}
