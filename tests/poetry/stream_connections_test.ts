import { assert, assertEquals } from "@std/assert";
import {
  IPv4Address,
  type Listener,
  type ReadinessObserver,
  type Stream,
} from "../../mod.ts";
import { connectionsOf } from "../../poetry/stream_connections.ts";
import { capturing } from "../support/console.ts";
import { within } from "../support/within.ts";

const HERE = new IPv4Address("TCP", "127.0.0.1", 10000);
const PEER = new IPv4Address("TCP", "127.0.0.1", 54321);

/** A stream on which nothing comes, and which takes nothing. */
class StuckStream implements Stream {
  readonly localAddress = HERE;
  readonly remoteAddress = PEER;
  isClosed = false;
  /** What a connection has sent. */
  sent: number[] = [];
  pollRead(_observer: ReadinessObserver): void {}
  pollWrite(observer: ReadinessObserver): void {
    if (this.sent.length === 0) observer.writable();
  }
  receive(): undefined {}
  send({ length }: Uint8Array): number {
    this.sent.push(length);
    return length;
  }
  close(): void {
    this.isClosed = true;
  }
  abort(): void {}
}

/** A port that gives these out, one after the other. */
function listenerOf(outcomes: (Stream | Error)[]): Listener<IPv4Address> {
  return {
    address: HERE,
    pollRead: (observer) => observer.readable(),
    pollWrite() {},
    accept: () => outcomes.shift(),
    close() {},
  };
}

async function accept(stream: StuckStream) {
  for await (const connection of connectionsOf(listenerOf([stream]))) {
    return connection;
  }
  throw new Error("Nothing was accepted");
}

Deno.test("a port that cannot accept says so once, rests, and says when it can again", async () => {
  const failure = new Error("Too many open files (os error 24)");
  const listener = listenerOf([failure, failure, new StuckStream()]);
  const begin = performance.now();
  const told = await capturing("error", async () => {
    for await (const { remoteAddr } of connectionsOf(listener)) {
      assertEquals(remoteAddr, { hostname: "127.0.0.1", port: 54321 });
      break;
    }
  });
  assertEquals(told, [
    "Cannot accept connections for now, trying again every second: too many open files.",
    "Accepting connections again.",
  ]);
  assert(performance.now() - begin > 1900, "it has rested twice");
});

Deno.test("closing a connection ends a read that waits", async () => {
  const stream = new StuckStream();
  const connection = await accept(stream);
  const reading = connection.read(new Uint8Array(10));
  connection.close();
  assertEquals([await within(5, reading), stream.isClosed], [null, true]);
  assertEquals(await connection.read(new Uint8Array(10)), null);
});

Deno.test("closing a connection ends a write that waits, and nothing more is written", async () => {
  const stream = new StuckStream();
  const connection = await accept(stream);
  const writing = connection.write(new Uint8Array(1_000_000)).then(
    () => "written",
    () => "refused",
  );
  await Promise.resolve();
  await Promise.resolve();
  connection.close();
  assertEquals([await within(5, writing), stream.sent], ["refused", [65536]]);
  const again = await connection.write(new Uint8Array(1)).catch(() =>
    "refused"
  );
  assertEquals([again, stream.sent], ["refused", [65536]]);
});
