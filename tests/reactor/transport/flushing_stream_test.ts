import { assertEquals } from "@std/assert";
import {
  ConnectionLost,
  IPv4Address,
  type ReadinessObserver,
  type Stream,
} from "../../../mod.ts";
import {
  FlushingStream,
  SendQueue,
} from "../../../reactor/transport/send_queue.ts";

/** A connection that writes down what is done to it, and has room when told. */
class Noted implements Stream {
  readonly localAddress = new IPv4Address("TCP", "127.0.0.1", 1);
  readonly remoteAddress = new IPv4Address("TCP", "127.0.0.1", 2);
  readonly notes: string[] = [];
  broken: ConnectionLost | undefined;
  #writer: ReadinessObserver | undefined;

  hasRoom(): void {
    const writer = this.#writer;
    this.#writer = undefined;
    writer?.writable();
  }

  pollRead(): void {}
  pollWrite(observer: ReadinessObserver): void {
    this.#writer = observer;
  }
  receive(): undefined {}
  send(bytes: Uint8Array): number | ConnectionLost {
    if (this.broken !== undefined) return this.broken;
    this.notes.push(new TextDecoder().decode(bytes));
    return bytes.length;
  }
  setNoDelay(enabled: boolean): void {
    this.notes.push(`no delay: ${enabled}`);
  }
  setKeepAlive(enabled: boolean): void {
    this.notes.push(`keep alive: ${enabled}`);
  }
  close(): void {}
  abort(): void {}
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("FlushingStream: what was written earlier is sent first, and by itself", () => {
  const below = new Noted();
  const queue = new SendQueue();
  queue.add(bytes("earlier"));
  const stream = new FlushingStream(below, queue);
  assertEquals(stream.send(bytes("later")), 0);
  let told = 0;
  stream.pollWrite({ readable() {}, writable: () => told++ });
  below.hasRoom();
  assertEquals([below.notes, told], [["earlier"], 0]);
  below.hasRoom();
  below.hasRoom();
  assertEquals(told, 1);
  assertEquals(stream.send(bytes("later")), 5);
  assertEquals(below.notes, ["earlier", "later"]);
});

Deno.test("a connection that breaks while the earlier goes out tells so whoever has more to send", () => {
  const below = new Noted();
  const queue = new SendQueue();
  queue.add(bytes("earlier"));
  const stream = new FlushingStream(below, queue);
  let told = 0;
  stream.pollWrite({ readable() {}, writable: () => told++ });
  below.broken = new ConnectionLost("broken");
  for (let times = 0; times < 3; times++) below.hasRoom();
  assertEquals([told, stream.send(bytes("later"))], [1, below.broken]);
});

Deno.test("FlushingStream: the options of TCP are those of the connection below", () => {
  const below = new Noted();
  const stream: Stream = new FlushingStream(below, new SendQueue());
  stream.setNoDelay?.(true);
  stream.setKeepAlive?.(false);
  assertEquals(below.notes, ["no delay: true", "keep alive: false"]);
});
