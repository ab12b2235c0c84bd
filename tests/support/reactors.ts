// Reactors for tests: with a log that is read, and a run that cannot hang.

import {
  type Address,
  type Backend,
  Clock,
  createLog,
  createMemoryBackend,
  type LogEvent,
  Reactor,
  UNIXAddress,
} from "../../mod.ts";

/** A test that runs for so long, in seconds, waits for what will not come. */
const PATIENCE = 10;

/** A reactor, and what it has logged. */
export interface TestReactor {
  /** The reactor. */
  reactor: Reactor;
  /** The errors that it logged, each as `WHAT CLASS: MESSAGE`. */
  errors: string[];
}

/** What a logged error says, on one line. */
export function errorText({ text, failure }: LogEvent): string {
  return `${text} ${failure?.type?.name}: ${failure?.getErrorMessage()}`;
}

/** The port of an address that is one of TCP. */
export function portOf(address: Address): number {
  if (address instanceof UNIXAddress) throw new Error(`${address} has no port`);
  return address.port;
}

/** Makes a reactor with a log of its own, in memory unless told otherwise. */
export function makeReactor(
  options: { backend?: Backend; clock?: Clock } = {},
): TestReactor {
  const log = createLog();
  const errors: string[] = [];
  log.addObserver((event) => {
    if (event.level === "error") errors.push(errorText(event));
  });
  const { backend = createMemoryBackend(), clock } = options;
  return { reactor: new Reactor({ backend, clock, log }), errors };
}

/**
 * Runs a reactor until it stops. A test that has forgotten to stop it fails
 * instead of waiting for ever.
 */
export async function runReactor(reactor: Reactor): Promise<void> {
  let gaveUp = false;
  const limit = setTimeout(() => {
    gaveUp = true;
    reactor.crash();
  }, PATIENCE * 1000);
  try {
    await reactor.run({ installSignalHandlers: false });
  } finally {
    clearTimeout(limit);
  }
  if (gaveUp) {
    throw new Error(`Nobody stopped the reactor within ${PATIENCE} seconds`);
  }
}

/**
 * Runs a reactor, calls a function when it has started, and stops it. What the
 * function throws is the test's, and not for the log of the reactor.
 */
export async function runWith(
  reactor: Reactor,
  fn: () => unknown,
): Promise<void> {
  const failures: unknown[] = [];
  reactor.callWhenRunning(async () => {
    try {
      await fn();
    } catch (error) {
      failures.push(error);
    }
    reactor.stop();
  });
  await runReactor(reactor);
  if (failures.length > 0) throw failures[0];
}

/** Waits until the loop of a running reactor has gone round so many times. */
export async function turns(reactor: Reactor, count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) {
    await new Promise<void>((resolve) => reactor.callFromThread(resolve));
  }
}

/** A reactor in memory whose time stands still until the clock is turned. */
export interface FrozenReactor extends TestReactor {
  /** The time. The reactor's own queue keeps its calls, and sleeps by it. */
  time: Clock;
}

/**
 * Makes a reactor on a backend whose time and alarms are a `Clock`'s: the
 * reactor's own timers run, but no time passes by itself.
 */
export function makeFrozenReactor(): FrozenReactor {
  const time = new Clock();
  const backend: Backend = {
    ...createMemoryBackend(),
    seconds: () => time.seconds(),
    setAlarm(seconds, fn) {
      const alarm = time.callLater(seconds, fn);
      return () => {
        if (alarm.active()) alarm.cancel();
      };
    },
  };
  return { ...makeReactor({ backend }), time };
}
