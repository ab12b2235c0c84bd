/**
 * Timers that are set and taken back again, as timeouts mostly are.
 *
 * @module
 */

import { type DelayedCall, Reactor, runtimeBackend } from "../mod.ts";
import { rate, type Scenario } from "./scenario.ts";

const TIMERS = 100_000;

function nothing(): void {}

/** Times calls of a reactor that runs. */
async function delayedCalls(): Promise<number> {
  const reactor = new Reactor({ backend: runtimeBackend });
  let figure = 0;
  reactor.callWhenRunning(() => {
    figure = rate(TIMERS, () => {
      const calls: DelayedCall[] = [];
      for (let i = 0; i < TIMERS; i++) {
        calls.push(reactor.callLater(60, nothing));
      }
      for (const call of calls) call.cancel();
    });
    reactor.stop();
  });
  await reactor.run({ installSignalHandlers: false });
  return figure;
}

function timeouts(): number {
  return rate(TIMERS, () => {
    const ids: ReturnType<typeof setTimeout>[] = [];
    for (let i = 0; i < TIMERS; i++) ids.push(setTimeout(nothing, 60_000));
    for (const id of ids) clearTimeout(id);
  });
}

/** The scenarios about timers. */
export const timerScenarios: Scenario[] = [
  {
    name: "100,000 timers set and cancelled",
    against: "setTimeout and clearTimeout",
    unit: "timers/s",
    ours: { label: "callLater", run: delayedCalls },
    peer: { label: "setTimeout", run: timeouts },
    atLeast: 1,
  },
];
