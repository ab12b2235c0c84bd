// Who takes notes of what deferreds do: nobody, mostly, so that bundlers can drop it.

import type { Deferred } from "./deferred.ts";

/** What debugging notes. */
interface Notes {
  noteCreation(d: object): void;
  noteFiring(d: object): void;
  historyOf(d: object): string;
  /** Calls a function when an error has been unhandled for long enough. */
  afterGrace(fn: () => void): void;
}

interface Debugging {
  on: boolean;
  /** Missing until it is on for the first time. */
  history?: Notes;
}

/** What `setDebugging` switches. */
export const debugging: Debugging = { on: false };

/** Takes notes, for histories and for instruments. */
export interface Noter {
  readonly hasInstruments: boolean;
  created(d: Deferred<unknown>): void;
  fired(d: Deferred<unknown>, result: unknown): void;
  waiting(d: Deferred<unknown>, awaited: Deferred<unknown>): void;
  ended(d: Deferred<unknown>, result: unknown): void;
}

/** The noter is there while there is something to note. */
export const noting: { noter?: Noter | undefined } = {};

/** What is known of a deferred, in lines; empty if nothing is. */
export function historyOf(d: object): string {
  return debugging.history?.historyOf(d) ?? "";
}
