import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import type { DelayedCall } from "../../../mod.ts";
import { TimerQueue } from "../../../reactor/loop/timer_queue.ts";
import { runProgram } from "../../defer/support.ts";
import { Random } from "../../support/random.ts";

/** What a queue should do, in the plainest way. */
class Model {
  #waiting: { time: number; order: number; name: number }[] = [];
  #orders = 0;

  put(name: number, time: number): void {
    this.remove(name);
    this.#waiting.push({ time, order: this.#orders++, name });
  }

  remove(name: number): void {
    this.#waiting = this.#waiting.filter((it) => it.name !== name);
  }

  get names(): number[] {
    return this.#waiting.sort((a, b) => a.time - b.time || a.order - b.order)
      .map(({ name }) => name);
  }

  takeDue(now: number): number[] {
    const due = this.names.slice(
      0,
      this.#waiting.filter(({ time }) => time <= now).length,
    );
    for (const name of due) this.remove(name);
    return due;
  }
}

Deno.test("TimerQueue: a queue with calls added, moved, cancelled and made keeps their order", () => {
  const numbers = new Random(1);
  const random = (below: number) => numbers.below(below);
  const model = new Model();
  let now = 0;
  let made: number[] = [];
  const queue = new TimerQueue(() => now);
  const calls = new Map<DelayedCall, number>();
  for (let step = 0; step < 5000; step++) {
    const pending = [...calls].filter(([call]) => call.active());
    const [call, name = -1] = pending[random(pending.length)] ?? [];
    const seconds = random(20);
    switch (random(6)) {
      case 0:
        call?.cancel();
        if (call) model.remove(name);
        break;
      case 1:
        call?.reset(seconds);
        if (call) model.put(name, now + seconds);
        break;
      case 2:
        call?.delay(seconds - 10);
        if (call) model.put(name, call.getTime());
        break;
      case 3:
        now += random(3);
        made = [];
        queue.runDue((due) => due.make());
        assertEquals(made, model.takeDue(now));
        break;
      default: {
        const added = queue.add(seconds, () => made.push(step), []);
        calls.set(added, step);
        model.put(step, now + seconds);
      }
    }
    assertEquals(queue.calls().map((it) => calls.get(it)), model.names);
    assertEquals(queue.nextTime() === undefined, model.names.length === 0);
  }
});

Deno.test("TimerQueue: cancelled calls do not pile up in a queue", () => {
  const queue = new TimerQueue(() => 0);
  const kept = queue.add(1000, () => {}, []);
  for (let i = 0; i < 10_000; i++) queue.add(i, () => {}, []).cancel();
  assertStrictEquals(queue.calls()[0], kept);
  assertEquals(queue.calls().length, 1);
  assertEquals(queue.nextTime(), 1000);
});

Deno.test("calls that are all cancelled are let go of, though none is added afterwards", async () => {
  const { stdout, stderr } = await runProgram(
    `
    import { Clock } from "LIBRARY";
    const clock = new Clock();
    function cancelMany() {
      const calls = Array.from(
        { length: 1000 },
        (_, i) => clock.callLater(i + 1, () => {}),
      );
      for (const call of calls) call.cancel();
      return calls.map((call) => new WeakRef(call));
    }
    const held = cancelMany();
    const count = () => held.filter((it) => it.deref() !== undefined).length;
    // Whoever was looked at is kept until the next turn.
    await new Promise((resolve) => setTimeout(resolve));
    gc();
    console.log(count() <= 50, clock.getDelayedCalls().length);
    `,
    "--v8-flags=--expose-gc",
  );
  assertEquals([stdout, stderr], ["true 0\n", ""]);
});

Deno.test("what is due and still waits its turn is among the calls of a queue", () => {
  const queue = new TimerQueue(() => 10);
  const first = queue.add(0, () => {}, []);
  const second = queue.add(0, () => {}, []);
  const later = queue.add(5, () => {}, []);
  const moved = queue.add(0, () => {}, []);
  const seen: DelayedCall[][] = [];
  queue.runDue((call) => {
    if (call === first) moved.reset(1);
    seen.push(queue.calls());
  });
  assertEquals(seen.length, 2);
  assertEquals(seen.map((calls) => calls.map((it) => it.getTime())), [
    [10, 11, 15],
    [11, 15],
  ]);
  assertStrictEquals(seen[0]?.[0], second);
  assertEquals(seen[1]?.map((it) => it === moved || it === later), [
    true,
    true,
  ]);
});

Deno.test("TimerQueue: onMoved is called for each call that is added or moved", () => {
  const times: number[] = [];
  const queue = new TimerQueue(() => 10, (time) => times.push(time));
  const call = queue.add(5, () => {}, []);
  call.reset(2);
  call.delay(1);
  call.cancel();
  assertEquals(times, [15, 12, 13]);
  assert(queue.nextTime() === undefined);
});
