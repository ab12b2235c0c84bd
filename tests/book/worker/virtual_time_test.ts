import { assertAlmostEquals, assertEquals } from "@std/assert";
import { VirtualTime } from "../../../book/worker/virtual_time.ts";

/** A host whose time the test turns. */
class Hand {
  #now = 100;
  #timers = new Set<{ time: number; fn: () => void }>();
  #promises: (() => void)[] = [];
  readonly time = new VirtualTime({
    now: () => this.#now,
    later: (seconds, fn) => {
      const timer = { time: this.#now + seconds, fn };
      this.#timers.add(timer);
      return () => this.#timers.delete(timer);
    },
    afterPromises: (fn) => this.#promises.push(fn),
    block: (seconds) => this.spend(seconds),
  });

  now(): number {
    return this.#now;
  }

  /** Lets so many of its seconds go by. */
  advance(seconds: number): void {
    const end = this.#now + seconds;
    for (;;) {
      const job = this.#promises.shift();
      if (job !== undefined) {
        job();
        continue;
      }
      const [next] = [...this.#timers].sort((a, b) => a.time - b.time);
      if (next === undefined || next.time > end) break;
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.time);
      next.fn();
    }
    this.#now = end;
  }

  /** Computes for so many seconds. */
  spend(seconds: number): void {
    this.#now += seconds;
  }
}

function withTasks(...seconds: number[]): { hand: Hand; made: number[] } {
  const hand = new Hand();
  const made: number[] = [];
  for (const one of seconds) {
    hand.time.add(one, () => made.push(hand.time.seconds()));
  }
  return { hand, made };
}

Deno.test("virtual time: it stands still until it runs, and when it is paused", () => {
  const { hand, made } = withTasks(1, 3);
  hand.advance(10);
  assertEquals(made, []);
  hand.time.run();
  hand.advance(2);
  hand.time.pause();
  hand.advance(10);
  assertEquals(made, [1]);
  assertEquals(hand.time.seconds(), 2);
  hand.time.run();
  hand.advance(1);
  assertEquals(made, [1, 3]);
});

Deno.test("virtual time: ten times as fast, and a tenth as fast", () => {
  const { hand, made } = withTasks(1, 10);
  hand.time.setSpeed(10);
  hand.time.run();
  hand.advance(0.5);
  assertEquals(made, [1]);
  hand.time.setSpeed(0.1);
  hand.advance(49);
  assertEquals(made.length, 1);
  hand.advance(2);
  assertEquals(made.length, 2);
});

Deno.test("virtual time: at once, it jumps from task to task, but not to the end of days", () => {
  const { hand, made } = withTasks(1, 30, 30, 86400);
  hand.time.setSpeed(Infinity);
  hand.time.run();
  hand.advance(0);
  assertEquals(made.map(Math.floor), [1, 30, 30]);
});

Deno.test("virtual time: at once, a program that computes sees time go by with each look", () => {
  const { hand } = withTasks();
  let end = 0;
  hand.time.add(1, () => {
    hand.spend(5);
    while (hand.time.seconds() < 1.01);
    end = hand.time.seconds();
  });
  hand.time.setSpeed(Infinity);
  hand.time.run();
  hand.advance(0);
  assertAlmostEquals(end, 1.01, 0.001);
});

Deno.test("virtual time: a step makes one task, or all of the same moment", () => {
  const { hand, made } = withTasks(1, 1, 2, 2);
  hand.time.step("call");
  hand.advance(0);
  assertEquals(made, [1]);
  hand.time.step("turn");
  hand.advance(0);
  assertEquals(made, [1, 1]);
  hand.time.step("turn");
  hand.advance(0);
  assertEquals(made, [1, 1, 2, 2]);
  assertEquals(hand.time.running, false);
});

Deno.test("virtual time: a task takes as long as the host, however late it is made", () => {
  const hand = new Hand();
  const times: number[] = [];
  hand.time.add(1, () => {
    times.push(hand.time.seconds());
    hand.spend(0.5);
    times.push(hand.time.seconds());
  });
  hand.time.run();
  hand.spend(3);
  hand.advance(0);
  assertEquals(times, [1, 1.5]);
});

Deno.test("virtual time: while one blocks, the servers go on, and nobody else", () => {
  const { hand, made } = withTasks(0.5);
  let served = 0;
  hand.time.add(2, () => served++, true);
  hand.time.add(3, () => served++, true);
  hand.time.run();
  hand.time.block(() => served === 2);
  assertEquals([served, made], [2, []]);
  assertEquals(hand.time.seconds(), 3);
});

Deno.test("virtual time: what blocks for some time holds up what was due meanwhile", () => {
  const { hand, made } = withTasks(1);
  let served = 0;
  hand.time.add(0.5, () => served++, true);
  hand.time.add(3, () => served++, true);
  hand.time.run();
  hand.time.block(() => false, 2);
  assertEquals([served, made], [1, []]);
  assertEquals(hand.time.seconds(), 2);
  hand.advance(0);
  assertEquals(made, [2]);
});

for (const [speed, seconds] of [[0.1, 20], [1, 2], [Infinity, 0]] as const) {
  Deno.test(`virtual time: two seconds of blocking are ${seconds} of the host's at speed ${speed}`, () => {
    const hand = new Hand();
    hand.time.setSpeed(speed);
    hand.time.run();
    const start = hand.now();
    hand.time.block(() => false, 2);
    assertEquals(hand.now() - start, seconds);
    assertAlmostEquals(hand.time.seconds(), 2, 0.001);
  });
}

Deno.test("virtual time: what belongs to servers keeps no program alive", () => {
  const { hand } = withTasks();
  hand.time.add(1, () => {}, true);
  assertEquals(hand.time.pending, false);
  const timer = hand.time.add(1, () => {});
  assertEquals(hand.time.pending, true);
  hand.time.unref(timer);
  assertEquals(hand.time.pending, false);
});
