import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertThrows,
} from "@std/assert";
import {
  AlreadyCalledError,
  Clock,
  Deferred,
  fail,
  getDebugging,
  log,
  type LogEvent,
  setDebugging,
} from "../../mod.ts";
import { setUnhandledErrorTimer } from "../../defer/debugging.ts";
import { reportUnhandledErrors } from "../../defer/unhandled.ts";

/** Runs a test with debugging on, and gives it what the log is told. */
function whileDebugging(
  test: (events: LogEvent[], clock: Clock) => void,
): void {
  const clock = new Clock();
  const events: LogEvent[] = [];
  setUnhandledErrorTimer((seconds, fn) => void clock.callLater(seconds, fn));
  const forget = log.addObserver((event) => events.push(event));
  setDebugging(true);
  try {
    test(events, clock);
  } finally {
    setDebugging(false);
    reportUnhandledErrors();
    forget();
  }
}

function createHere(): Deferred<number> {
  return new Deferred<number>();
}

function fireHere(d: Deferred<number>): void {
  d.callback(1);
}

Deno.test("setDebugging: debugging is off unless it is switched on", () => {
  assert(!getDebugging());
  whileDebugging(() => assert(getDebugging()));
  assert(!getDebugging());
});

Deno.test("setDebugging: a second firing tells where the deferred was created and fired first", () => {
  whileDebugging(() => {
    const d = createHere();
    fireHere(d);
    const error = assertThrows(() => d.callback(2), AlreadyCalledError);
    assertMatch(
      error.message,
      /created here:\n +at createHere .*debugging_test/,
    );
    assertMatch(
      error.message,
      /fired first here:\n +at fireHere .*debugging_test/,
    );
  });
});

Deno.test("setDebugging: a second firing tells nothing of the past without debugging", () => {
  const d = createHere();
  fireHere(d);
  const error = assertThrows(() => d.callback(2), AlreadyCalledError);
  assertNotMatch(error.message, /here/);
});

Deno.test("setDebugging: a deferred fired by chainDeferred tells so too", () => {
  whileDebugging(() => {
    const target = createHere();
    const source = createHere();
    source.chainDeferred(target);
    fireHere(source);
    const error = assertThrows(() => target.callback(2), AlreadyCalledError);
    assertMatch(error.message, /fired first here:\n +at fireHere /);
  });
});

Deno.test("setDebugging: an unhandled error tells where its deferred was created and fired", () => {
  whileDebugging((events) => {
    fail(new Error("no poem"));
    reportUnhandledErrors();
    const [event] = events;
    assertMatch(event?.text ?? "", /^Unhandled error in Deferred:\n/);
    assertMatch(event?.text ?? "", /created here:\n +at .*debugging_test/);
    assertMatch(event?.text ?? "", /fired first here:\n +at .*debugging_test/);
    assertEquals(event?.failure?.getErrorMessage(), "no poem");
  });
});

Deno.test("setDebugging: an error that nobody handles within a second is reported then, once", () => {
  whileDebugging((events, clock) => {
    fail(new Error("no poem"));
    clock.advance(0.9);
    assertEquals(events.length, 0);
    clock.advance(0.1);
    assertEquals(events.length, 1);
    clock.advance(10);
    reportUnhandledErrors();
    assertEquals(events.length, 1);
  });
});

Deno.test("setDebugging: an error that is handled within a second is not reported", () => {
  whileDebugging((events, clock) => {
    const d = fail(new Error("no poem"));
    clock.advance(0.9);
    d.addErrback(() => {});
    clock.advance(10);
    assertEquals(events, []);
  });
});

Deno.test("setDebugging: an error that takes another's place has a second of its own", () => {
  whileDebugging((events, clock) => {
    const d = fail(new Error("the first"));
    clock.advance(0.9);
    d.addErrback(() => {
      throw new Error("the second");
    });
    clock.advance(0.9);
    assertEquals(events, []);
    clock.advance(0.1);
    assertEquals(events[0]?.failure?.getErrorMessage(), "the second");
  });
});

Deno.test("setDebugging: without debugging no timer is set for an error", () => {
  const clock = new Clock();
  setUnhandledErrorTimer((seconds, fn) => void clock.callLater(seconds, fn));
  const d = fail(new Error("no poem"));
  assertEquals(clock.getDelayedCalls(), []);
  d.addErrback(() => {});
});
