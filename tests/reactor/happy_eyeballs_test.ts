import { assertEquals } from "@std/assert";
import { Clock } from "../../mod.ts";
import { HappyEyeballs, type Outcome } from "../../reactor/happy_eyeballs.ts";

/** A race in time that is turned by hand, whose attempts the test ends. */
class Race {
  readonly clock: Clock = new Clock();
  readonly cancelled: string[] = [];
  readonly outcomes: unknown[] = [];
  readonly attempts: Map<string, Outcome<string>> = new Map();
  readonly race: HappyEyeballs<string>;

  constructor(addresses: string[], atStart?: (it: Race) => void) {
    this.race = new HappyEyeballs(addresses, {
      connect: (address, outcome) => {
        this.attempts.set(address, outcome);
        atStart?.(this);
        return { cancel: () => void this.cancelled.push(address) };
      },
      delay: 0.25,
      setAlarm: (seconds, fn) => {
        const alarm = this.clock.callLater(seconds, fn);
        return () => alarm.active() && alarm.cancel();
      },
    }, {
      succeeded: (result) => void this.outcomes.push(result),
      failed: (error) => void this.outcomes.push(error),
    });
  }

  get tried(): string[] {
    return [...this.attempts.keys()];
  }
}

Deno.test("HappyEyeballs: an address that answers slowly is not given up, whatever becomes of the others", () => {
  const it = new Race(["192.0.2.1", "2001:db8::1"]);
  it.attempts.get("192.0.2.1")?.failed(new Error("refused"));
  it.clock.advance(29);
  assertEquals([it.cancelled, it.outcomes], [[], []]);
  it.attempts.get("2001:db8::1")?.succeeded("connected");
  assertEquals(it.outcomes, ["connected"]);
});

Deno.test("HappyEyeballs: an address that never answers does not keep the next one waiting", () => {
  const it = new Race(["192.0.2.1", "192.0.2.2", "2001:db8::1"]);
  assertEquals(it.tried, ["192.0.2.1"]);
  it.clock.advance(0.25);
  assertEquals(it.tried, ["192.0.2.1", "2001:db8::1"]);
  it.attempts.get("2001:db8::1")?.succeeded("connected");
  assertEquals(it.cancelled, ["192.0.2.1"]);
  assertEquals([it.outcomes, it.clock.getDelayedCalls()], [["connected"], []]);
  it.clock.advance(1);
  assertEquals(it.tried.length, 2);
});

Deno.test("HappyEyeballs: if all addresses fail, the first error is told, with the others behind it", () => {
  const it = new Race(["192.0.2.1", "2001:db8::1"]);
  const [first, second] = [new Error("first"), new Error("second")];
  it.clock.advance(0.25);
  it.attempts.get("2001:db8::1")?.failed(first);
  assertEquals(it.outcomes, []);
  it.attempts.get("192.0.2.1")?.failed(second);
  assertEquals(it.outcomes, [first]);
  const { cause } = first;
  assertEquals(cause instanceof AggregateError && cause.errors, [second]);
});

Deno.test("HappyEyeballs: a cancelled race ends its attempts, and begins no other", () => {
  const it = new Race(["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
  it.clock.advance(0.25);
  it.race.cancel();
  assertEquals(it.cancelled, ["192.0.2.1", "192.0.2.2"]);
  assertEquals([it.outcomes, it.clock.getDelayedCalls()], [[], []]);
});

Deno.test("HappyEyeballs: a race that an attempt's own start cancels ends that attempt, and begins no other", () => {
  const it = new Race(["192.0.2.1", "192.0.2.2"], ({ attempts, race }) => {
    if (attempts.size === 2) race.cancel();
  });
  it.clock.advance(0.25);
  it.race.cancel();
  assertEquals(it.tried, ["192.0.2.1", "192.0.2.2"]);
  assertEquals(it.cancelled, ["192.0.2.1", "192.0.2.2"]);
  assertEquals([it.clock.getDelayedCalls(), it.outcomes], [[], []]);
});
