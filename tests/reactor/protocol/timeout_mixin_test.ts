import { assertEquals, assertThrows } from "@std/assert";
import { Clock, Protocol, TimeoutMixin } from "../../../mod.ts";
import { StringTransport } from "../../../testing.ts";
import { makeReactor, runWith, turns } from "../../support/reactors.ts";

/** A class with a connection and a constructor, and what is static. */
class Line {
  static readonly delimiter = "\n";
  readonly transport = { closed: 0, loseConnection: () => this.#close() };
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  #close() {
    this.transport.closed++;
  }
}

function makeLine() {
  const clock = new Clock();
  const times: number[] = [];
  class TimedLine extends TimeoutMixin(Line, clock) {
    override timeoutConnection(): void {
      times.push(clock.seconds());
    }
  }
  return { clock, times, line: new TimedLine("Emily") };
}

function connected() {
  const clock = new Clock();
  const transport = new StringTransport();
  const protocol = new (TimeoutMixin(Protocol, clock))();
  protocol.makeConnection(transport);
  return { clock, protocol, transport };
}

Deno.test("TimeoutMixin: setTimeout returns the timeout before", () => {
  const { line } = makeLine();
  assertEquals(line.timeOut, undefined);
  assertEquals(line.setTimeout(10), undefined);
  assertEquals(line.setTimeout(20), 10);
  assertEquals(line.setTimeout(undefined), 20);
  assertEquals(line.setTimeout(undefined), undefined);
});

Deno.test("TimeoutMixin: setTimeout calls timeoutConnection once, when the time is over", () => {
  const { clock, times, line } = makeLine();
  line.setTimeout(10);
  clock.advance(9.5);
  assertEquals(times, []);
  clock.advance(0.5);
  assertEquals(times, [10]);
  clock.advance(100);
  assertEquals(times, [10]);
});

Deno.test("TimeoutMixin: setTimeout with undefined removes the timeout", () => {
  const { clock, times, line } = makeLine();
  line.setTimeout(10);
  line.setTimeout(undefined);
  assertEquals(line.timeOut, undefined);
  assertEquals(clock.getDelayedCalls(), []);
  clock.advance(10);
  assertEquals(times, []);
});

Deno.test("TimeoutMixin: setTimeout restarts the timeout when it changes the timeout", () => {
  const { clock, times, line } = makeLine();
  line.setTimeout(10);
  clock.advance(5);
  line.setTimeout(10);
  clock.advance(9);
  assertEquals(times, []);
  clock.advance(1);
  assertEquals(times, [15]);
});

Deno.test("TimeoutMixin: setTimeout refuses a timeout that is negative or NaN", () => {
  const { clock, line } = makeLine();
  assertThrows(() => line.setTimeout(-1), RangeError, "got -1");
  assertThrows(() => line.setTimeout(NaN), RangeError, "got NaN");
  assertEquals(line.timeOut, undefined);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("TimeoutMixin: resetTimeout restarts the timeout", () => {
  const { clock, times, line } = makeLine();
  line.setTimeout(10);
  clock.advance(9);
  line.resetTimeout();
  clock.advance(9);
  assertEquals(times, []);
  clock.advance(1);
  assertEquals(times, [19]);
});

Deno.test("TimeoutMixin: resetTimeout does nothing where no timeout was set, or it was removed, or is over", () => {
  const { clock, times, line } = makeLine();
  line.resetTimeout();
  line.timeOut = 10;
  line.resetTimeout();
  line.setTimeout(undefined);
  line.resetTimeout();
  assertEquals(clock.getDelayedCalls(), []);
  line.setTimeout(10);
  clock.advance(10);
  line.resetTimeout();
  assertEquals([clock.getDelayedCalls(), times], [[], [10]]);
});

Deno.test("TimeoutMixin: timeoutConnection closes the connection, unless a subclass does otherwise", () => {
  const clock = new Clock();
  const line = new (TimeoutMixin(Line, clock))("Emily");
  line.setTimeout(10);
  clock.advance(10);
  assertEquals(line.transport.closed, 1);
});

Deno.test("TimeoutMixin: a connection that has not gone is aborted after the same time again", () => {
  const { clock, protocol, transport } = connected();
  protocol.setTimeout(10);
  clock.advance(10);
  assertEquals([transport.disconnecting, transport.disconnected], [
    true,
    false,
  ]);
  clock.advance(9);
  protocol.resetTimeout();
  clock.advance(1);
  assertEquals(transport.disconnected, true);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("TimeoutMixin: a connection whose timeout was removed or set anew is not aborted", () => {
  for (const seconds of [undefined, 20]) {
    const { clock, protocol, transport } = connected();
    protocol.setTimeout(10);
    clock.advance(10);
    protocol.setTimeout(seconds);
    clock.advance(10);
    assertEquals(transport.disconnected, false);
  }
});

Deno.test("TimeoutMixin: timeoutConnection called where no timeout was set closes, and aborts nothing later", () => {
  const { clock, protocol, transport } = connected();
  protocol.timeoutConnection();
  assertEquals(transport.disconnecting, true);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("TimeoutMixin: what an async timeoutConnection rejects with, the reactor hears of", async () => {
  const { reactor, errors } = makeReactor();
  class Failing extends TimeoutMixin(Protocol, reactor) {
    override timeoutConnection(): Promise<void> {
      return Promise.reject(new Error("no bell"));
    }
  }
  await runWith(reactor, async () => {
    new Failing().setTimeout(0);
    await turns(reactor, 5);
  });
  assertEquals(errors, [
    "Unhandled error in DelayedCall(anonymous function): Error: no bell",
  ]);
});

Deno.test("TimeoutMixin: timeOut stays when the time is over, and setTimeout sets it off again", () => {
  const { clock, times, line } = makeLine();
  line.setTimeout(10);
  clock.advance(10);
  assertEquals(line.timeOut, 10);
  assertEquals(line.setTimeout(5), 10);
  clock.advance(5);
  assertEquals(times, [10, 15]);
});

Deno.test("TimeoutMixin: timeoutConnection may set the timeout again", () => {
  const clock = new Clock();
  const times: number[] = [];
  class Nagging extends TimeoutMixin(Line, clock) {
    override timeoutConnection(): void {
      times.push(clock.seconds());
      this.setTimeout(this.timeOut);
    }
  }
  new Nagging("Emily").setTimeout(10);
  clock.pump([10, 10, 10]);
  assertEquals(times, [10, 20, 30]);
});

Deno.test("TimeoutMixin keeps the constructor, the members and what is static", () => {
  const clock = new Clock();
  const TimedLine = TimeoutMixin(Line, clock);
  const delimiter: string = TimedLine.delimiter;
  assertEquals(delimiter, "\n");
  const line: Line & TimeoutMixin = new TimedLine("Emily");
  assertEquals(line.name, "Emily");
  assertEquals(line instanceof Line, true);
  // @ts-expect-error -- the constructor of a line takes its name
  new TimedLine();
  // @ts-expect-error -- without a connection there is nothing to close
  TimeoutMixin(Date, clock);
});

Deno.test("TimeoutMixin: A subclass can bring its timeOut, as a protocol's property", () => {
  const clock = new Clock();
  const times: number[] = [];
  class Impatient extends TimeoutMixin(Protocol, clock) {
    override timeOut = 30;
    override connectionMade(): void {
      this.setTimeout(this.timeOut);
    }
    override timeoutConnection(): void {
      times.push(clock.seconds());
    }
  }
  const protocol = new Impatient();
  protocol.connectionMade();
  clock.advance(30);
  assertEquals(times, [30]);
});

Deno.test("TimeoutMixin: callLater of one protocol can be replaced by that of another clock", () => {
  const { clock, times, line } = makeLine();
  const other = new Clock();
  line.callLater = (seconds, fn) => other.callLater(seconds, fn);
  line.setTimeout(10);
  assertEquals(clock.getDelayedCalls(), []);
  other.advance(10);
  assertEquals(times, [0]);
});
