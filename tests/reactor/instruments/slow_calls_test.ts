import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { setDebugging, SlowCalls } from "../../../mod.ts";
import {
  type FrozenReactor,
  makeFrozenReactor,
  runReactor,
} from "../../support/reactors.ts";

/** Runs a reactor in which a call takes so many seconds of its time. */
async function runSlowCall(
  { reactor, time }: FrozenReactor,
  seconds: number,
): Promise<void> {
  reactor.callLater(0, function grind() {
    time.advance(seconds);
    reactor.stop();
  });
  await runReactor(reactor);
}

Deno.test("SlowCalls: a call that takes longer than the limit is logged with its name", async () => {
  const frozen = makeFrozenReactor();
  frozen.reactor.addInstrument(new SlowCalls({ seconds: 0.2 }));
  await runSlowCall(frozen, 0.25);
  assertEquals(frozen.errors, [
    "The loop was blocked: SlowCall: delayed call of grind took 0.250 seconds, in which nothing else could run",
  ]);
});

Deno.test("SlowCalls: a call that takes as long as the limit is not logged", async () => {
  const frozen = makeFrozenReactor();
  frozen.reactor.addInstrument(new SlowCalls({ seconds: 0.25 }));
  await runSlowCall(frozen, 0.25);
  assertEquals(frozen.errors, []);
});

Deno.test("SlowCalls: the report of a delayed call has the stack of its callLater", async () => {
  const frozen = makeFrozenReactor();
  const stacks: (string | undefined)[] = [];
  frozen.reactor.log.addObserver(({ failure }) => {
    if (failure?.value instanceof Error) stacks.push(failure.value.stack);
  });
  frozen.reactor.addInstrument(new SlowCalls());
  await runSlowCall(frozen, 1);
  const [first, second] = stacks[0]?.split("\n") ?? [];
  assertMatch(`${first}`, /^SlowCall: delayed call of grind took 1\.000/);
  assertMatch(`${second}`, /runSlowCall/);
});

Deno.test("SlowCalls: while debugging is on every reactor that runs has one", async () => {
  setDebugging(true);
  const frozen = makeFrozenReactor();
  try {
    await runSlowCall(frozen, 0.3);
  } finally {
    setDebugging(false);
  }
  assertEquals(frozen.errors.length, 1);
});

Deno.test("SlowCalls: while debugging is on, a call that was asked for before the reactor ran has its stack too", async () => {
  setDebugging(true);
  const frozen = makeFrozenReactor();
  const stacks: (string | undefined)[] = [];
  frozen.reactor.log.addObserver(({ failure }) => {
    if (failure?.value instanceof Error) stacks.push(failure.value.stack);
  });
  try {
    await runSlowCall(frozen, 0.3);
  } finally {
    setDebugging(false);
  }
  assertMatch(`${stacks[0]}`, /\n +at runSlowCall/);
});

Deno.test("SlowCalls: debugging that is switched off while the loop runs takes it away", async () => {
  setDebugging(true);
  const frozen = makeFrozenReactor();
  frozen.reactor.callWhenRunning(() => setDebugging(false));
  await runSlowCall(frozen, 0.3);
  assertEquals(frozen.errors, []);
});

Deno.test("SlowCalls: a limit that is no number of 0 or more is refused", () => {
  for (const seconds of [-1, NaN]) {
    assertThrows(
      () => new SlowCalls({ seconds }),
      RangeError,
      `SlowCalls: seconds must be 0 or more, got ${seconds}`,
    );
  }
});
