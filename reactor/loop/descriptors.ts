// The process's, not a reactor's, so that `fileno()` alone identifies a socket.

import type { Pollable } from "../backend.ts";

const table: (Pollable | undefined)[] = [];
const free: number[] = [];

/** 0 to 2 belong to the standard streams. */
let next = 3;

/** It may reuse a closed one's number. */
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
