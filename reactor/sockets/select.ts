/**
 * Waiting for one of several sockets.
 *
 * @module
 */

import { hostTime } from "../backends/host_time.ts";
import { findDescriptor } from "../loop/descriptors.ts";
import type { Pollable, ReadinessObserver } from "../backend.ts";

/** Anything that has the number of an open socket. */
export interface Selectable {
  /** The number of the open socket. */
  fileno(): number;
}

/** A socket, as it was given, and what can be asked whether it is ready. */
interface Watched<S> {
  readonly given: S;
  readonly pollable: Pollable;
}

function watch<S extends Selectable>(given: S): Watched<S> {
  const pollable = findDescriptor(given.fileno());
  if (pollable === undefined) {
    throw new RangeError(
      `Cannot select a socket whose fileno() is ${given.fileno()}: it is not open`,
    );
  }
  return { given, pollable };
}

/**
 * Waits for some of the sockets to be ready, as `select` does in Unix and in
 * Python. One reader of a socket at a time: not while a reactor watches it.
 *
 * @param readers sockets to read from
 * @param writers sockets to write to
 * @param timeout in seconds; missing, it waits for as long as it takes
 * @returns those of the readers and those of the writers that are ready; none,
 *   if the time was up before
 * @throws {RangeError} if one of the sockets is not open, or the timeout is none
 */
export async function select<R extends Selectable, W extends Selectable>(
  readers: Iterable<R>,
  writers: Iterable<W>,
  timeout: number = Infinity,
): Promise<[readable: R[], writable: W[]]> {
  if (!(timeout >= 0)) {
    throw new RangeError(`A timeout is 0 or more seconds: this is ${timeout}`);
  }
  const reading = [...readers].map(watch);
  const writing = [...writers].map(watch);
  const readable = new Set<Pollable>();
  const writable = new Set<Pollable>();
  const firstReady = new Promise<void>((wake) => {
    const add = (ready: Set<Pollable>, pollable: Pollable) => {
      ready.add(pollable);
      wake();
    };
    const observe = (pollable: Pollable): ReadinessObserver => ({
      readable: () => add(readable, pollable),
      writable: () => add(writable, pollable),
    });
    // Each once, however often it was given: one observer would oust another.
    const pollables = (all: Watched<unknown>[]) =>
      new Set(all.map(({ pollable }) => pollable));
    for (const it of pollables(reading)) it.pollRead(observe(it));
    for (const it of pollables(writing)) it.pollWrite(observe(it));
  });
  await within(firstReady, timeout, readable.size + writable.size > 0);
  return [
    reading.filter((it) => readable.has(it.pollable)).map((it) => it.given),
    writing.filter((it) => writable.has(it.pollable)).map((it) => it.given),
  ];
}

/** Waits for a promise, but not longer than that. */
async function within(
  promise: Promise<void>,
  timeout: number,
  alreadyReady: boolean,
): Promise<void> {
  // Even then the runtime has to have its turn: it is what makes others ready.
  if (alreadyReady) return await new Promise(hostTime.nextTurn);
  let cancelAlarm: (() => void) | undefined;
  // The alarm is set however long it takes: it keeps the program alive.
  const alarm = new Promise<void>((wake) => {
    cancelAlarm = hostTime.setAlarm(timeout, wake);
  });
  await Promise.race([promise, alarm]);
  cancelAlarm?.();
}
