/**
 * Says how often in a second a lock is taken and released: a DeferredLock, or a
 * mutex of async-mutex, as its argument says.
 */

import { DeferredLock } from "../../mod.ts";
import { check, rateOf } from "../jobs.ts";
import { rate } from "../scenario.ts";
import { answer } from "./answer.ts";

const TIMES = 200_000;

function deferredLock(): () => number {
  const lock = new DeferredLock();
  return () =>
    rate(TIMES, () => {
      for (let time = 0; time < TIMES; time++) {
        lock.acquire().addCallback((held) => held.release());
      }
      check(!lock.locked);
    });
}

async function asyncMutex(): Promise<() => Promise<number>> {
  const { Mutex } = await import("npm:async-mutex@0.5.0");
  const mutex = new Mutex();
  return () =>
    rateOf(TIMES, async () => {
      for (let time = 0; time < TIMES; time++) {
        const release = await mutex.acquire();
        release();
      }
      check(!mutex.isLocked());
    });
}

const job = Deno.args[0] === "deferreds" ? deferredLock() : await asyncMutex();
await answer(0, job);
