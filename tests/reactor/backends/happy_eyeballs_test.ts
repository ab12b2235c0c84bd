import { assertEquals, assertInstanceOf } from "@std/assert";
import { type Address, Clock, IPv4Address, type Stream } from "../../../mod.ts";
import { HappyEyeballs } from "../../../reactor/backends/happy_eyeballs.ts";

const ADDRESS: Address = new IPv4Address("TCP", "192.0.2.1", 80);

/** A connection on which nothing ever happens. */
const SILENT: Stream = {
  localAddress: ADDRESS,
  remoteAddress: ADDRESS,
  pollRead() {},
  pollWrite() {},
  receive: () => undefined,
  send: () => 0,
  close() {},
  abort() {},
};

/** A race in time that is turned by hand, whose attempts the test ends. */
class Race {
  readonly clock: Clock = new Clock();
  readonly tried: string[] = [];
  readonly cancelled: string[] = [];
  readonly outcomes: (Stream | Error)[] = [];
  readonly race: HappyEyeballs;
  readonly #settle: Record<string, (outcome: Stream | Error) => void> = {};

  constructor(...addresses: string[]) {
    const { clock } = this;
    this.race = new HappyEyeballs(addresses, {
      dial: (address, done) => {
        this.tried.push(address);
        this.#settle[address] = done;
        return { cancel: () => void this.cancelled.push(address) };
      },
      time: {
        setAlarm(seconds, fn) {
          const alarm = clock.callLater(seconds, fn);
          return () => {
            if (alarm.active()) alarm.cancel();
          };
        },
      },
    }, (outcome) => void this.outcomes.push(outcome));
  }

  settle(address: string, outcome: Stream | Error): void {
    this.#settle[address]?.(outcome);
  }
}

Deno.test("an address that answers slowly is not given up, whatever becomes of the others", () => {
  const it = new Race("192.0.2.1", "2001:db8::1");
  it.settle("192.0.2.1", new Error("refused"));
  it.clock.advance(29);
  assertEquals([it.cancelled, it.outcomes], [[], []]);
  it.settle("2001:db8::1", SILENT);
  assertEquals(it.outcomes, [SILENT]);
});

Deno.test("an address that never answers does not keep the next one waiting", () => {
  const it = new Race("192.0.2.1", "192.0.2.2", "2001:db8::1");
  assertEquals(it.tried, ["192.0.2.1"]);
  it.clock.advance(0.25);
  assertEquals(it.tried, ["192.0.2.1", "2001:db8::1"]);
  it.settle("2001:db8::1", SILENT);
  assertEquals(it.cancelled, ["192.0.2.1"]);
  assertEquals([it.outcomes, it.clock.getDelayedCalls()], [[SILENT], []]);
  it.clock.advance(1);
  assertEquals(it.tried.length, 2);
});

Deno.test("if all addresses fail, the first error is told, with the others behind it", () => {
  const it = new Race("192.0.2.1", "2001:db8::1");
  const [first, second] = [new Error("first"), new Error("second")];
  it.clock.advance(0.25);
  it.settle("2001:db8::1", first);
  assertEquals(it.outcomes, []);
  it.settle("192.0.2.1", second);
  assertEquals(it.outcomes, [first]);
  const { cause } = first;
  assertInstanceOf(cause, AggregateError);
  assertEquals((cause as AggregateError).errors, [second]);
});

Deno.test("a race that is given up ends its attempts, and begins no other", () => {
  const it = new Race("192.0.2.1", "192.0.2.2", "192.0.2.3");
  it.clock.advance(0.25);
  it.race.cancel();
  assertEquals(it.cancelled, ["192.0.2.1", "192.0.2.2"]);
  assertEquals([it.outcomes, it.clock.getDelayedCalls()], [[], []]);
});
