// Apart from what takes notes, so that bundlers can drop that.

import type { Deferred } from "./deferred.ts";

interface Notes {
  noteCreation(d: object): void;
  noteFiring(d: object): void;
  historyOf(d: object): string;
  /** When an error was unhandled for long enough. */
  afterGrace(fn: () => void): void;
}

interface Debugging {
  on: boolean;
  /** Missing before debugging is first on. */
  history?: Notes;
}

export const debugging: Debugging = { on: false };

export interface Noter {
  readonly hasInstruments: boolean;
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
