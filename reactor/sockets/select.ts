import { hostTime } from "../backends/host_time.ts";
import { checkSeconds } from "../checks.ts";
import { findDescriptor } from "../loop/descriptors.ts";
import type { Pollable, ReadinessObserver } from "../backend.ts";

/**
 * Anything with an open socket's descriptor.
 * @category Sockets
 */
export interface Selectable {
  /** The descriptor. */
  fileno(): number;
}

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
 * Waits until some of the sockets are ready, as `select` in Unix and Python. A socket has
 * one reader at a time: not a reactor as well.
 * @param timeout in seconds; by default none
 * @returns those that are ready; none after the timeout
 * @throws {RangeError} if a socket is not open, or the timeout is invalid
 * @category Sockets
 */
export async function select<R extends Selectable, W extends Selectable>(
  readers: Iterable<R>,
  writers: Iterable<W>,
  timeout: number = Infinity,
): Promise<[readable: R[], writable: W[]]> {
  checkSeconds("timeout", timeout);
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
    // Each once: an observer replaces the one before.
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

async function within(
  promise: Promise<void>,
  timeout: number,
  alreadyReady: boolean,
): Promise<void> {
  // Even then yields to the runtime, which makes other sockets ready.
  if (alreadyReady) return await new Promise(hostTime.nextTurn);
  let cancelAlarm: (() => void) | undefined;
  // Also for `Infinity`: the alarm keeps the program alive.
  const alarm = new Promise<void>((wake) => {
    cancelAlarm = hostTime.setAlarm(timeout, wake);
  });
  await Promise.race([promise, alarm]);
  cancelAlarm?.();
}
