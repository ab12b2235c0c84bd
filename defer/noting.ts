// Apart from what takes notes, so that bundlers can drop that.

import type { Deferred } from "./deferred.ts";

interface Notes {
  noteCreation(d: object): void;
  noteFiring(d: object): void;
  historyOf(d: object): string;
  /** When an error was unhandled for long enough. */
  afterGrace(fn: () => void): void;
}

/** Without a history before it is first on. */
export const debugging: { on: boolean; history?: Notes } = { on: false };

export interface Noter {
  created(d: Deferred<unknown>): void;
  fired(d: Deferred<unknown>, result: unknown): void;
  waiting(d: Deferred<unknown>, awaited: Deferred<unknown>): void;
  ended(d: Deferred<unknown>, result: unknown): void;
}

/** Empty when there is nothing to note. */
export const noting: { noter?: Noter | undefined } = {};

export function historyOf(d: object): string {
  return debugging.history?.historyOf(d) ?? "";
}
