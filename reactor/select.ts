/**
 * Waiting for one of several sockets.
 *
 * @module
 */

import { hostTime } from "./backends/host_time.ts";
import { findDescriptor } from "./descriptors.ts";
import type { Pollable } from "./interfaces.ts";

/** Anything that has the number of an open socket. */
export interface Selectable {
  /** The number of the open socket. */
  fileno(): number;
}

function pollableOf(selectable: Selectable): Pollable {
  const pollable = findDescriptor(selectable.fileno());
  if (pollable === undefined) {
    throw new RangeError(
      `Cannot select a socket whose fileno() is ${selectable.fileno()}: it is not open`,
    );
  }
  return pollable;
}

/**
 * Waits until some of the sockets are ready, as `select` does in Unix and in
 * Python. One reader of a socket at a time: not while a reactor watches it.
 *
 * @param readers sockets to read from
 * @param writers sockets to write to
 * @param timeout in seconds; missing, it waits for as long as it takes
 * @returns those of the readers and those of the writers that are ready; none,
 *   if the time was up before
 * @throws {RangeError} if one of the sockets is not open
 */
export async function select<R extends Selectable, W extends Selectable>(
  readers: Iterable<R>,
  writers: Iterable<W>,
  timeout?: number,
): Promise<[readable: R[], writable: W[]]> {
  const reading = [...readers].map((it) => ({ it, pollable: pollableOf(it) }));
  const writing = [...writers].map((it) => ({ it, pollable: pollableOf(it) }));
  const readable: R[] = [];
  const writable: W[] = [];
  let cancelAlarm: (() => void) | undefined;
  await new Promise<void>((wake) => {
    const found = <T>(ready: T[], it: T) => {
      ready.push(it);
      wake();
    };
    const ignore = () => {};
    if (timeout !== undefined) cancelAlarm = hostTime.setAlarm(timeout, wake);
    for (const { it, pollable } of reading) {
      const readableNow = () => found(readable, it);
      pollable.pollRead({ readable: readableNow, writable: ignore });
    }
    for (const { it, pollable } of writing) {
      const writableNow = () => found(writable, it);
      pollable.pollWrite({ readable: ignore, writable: writableNow });
    }
  });
  cancelAlarm?.();
  return [readable, writable];
}
