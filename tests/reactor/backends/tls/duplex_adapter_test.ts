import { assert, assertEquals } from "@std/assert";
import { Duplex } from "node:stream";
import {
  IPv4Address,
  type ReadinessObserver,
  type Stream,
} from "../../../../mod.ts";
import { DuplexAdapter } from "../../../../reactor/backends/tls/duplex_adapter.ts";

/** A connection to a peer that neither sends nor takes anything. */
class DeadStream implements Stream {
  readonly localAddress = new IPv4Address("TCP", "127.0.0.1", 1);
  readonly remoteAddress = new IPv4Address("TCP", "127.0.0.1", 2);
  closed = 0;

  pollRead(_observer: ReadinessObserver): void {}
  pollWrite(_observer: ReadinessObserver): void {}
  receive(): Uint8Array | undefined {
    return undefined;
  }
  send(_bytes: Uint8Array): number {
    return 0;
  }
  close(): void {
    this.closed++;
  }
  abort(): void {
    this.closed++;
  }
}

function makeAdapter(): { below: DeadStream; adapter: DuplexAdapter } {
  const below = new DeadStream();
  const adapter = new DuplexAdapter(below, (options) => new Duplex(options));
  return { below, adapter };
}

Deno.test("DuplexAdapter: a peer that takes nothing is waited for, with a limit", async () => {
  const { below, adapter } = makeAdapter();
  adapter.duplex.write("goodbye");
  const closed = adapter.closeWithPeer();
  adapter.close();
  assertEquals(below.closed, 0);
  await closed;
  assertEquals(below.closed > 0, true);
});

Deno.test("DuplexAdapter: an aborted connection does not wait", async () => {
  const { below, adapter } = makeAdapter();
  adapter.duplex.write("goodbye");
  const closed = adapter.closeWithPeer();
  adapter.abort();
  await closed;
  assertEquals(below.closed > 0, true);
});

/** A connection whose peer has nothing to send, and closes it when told. */
class EndingStream extends DeadStream {
  #ended = false;
  #reader: ReadinessObserver | undefined;

  override pollRead(observer: ReadinessObserver): void {
    if (this.#ended) observer.readable();
    else this.#reader = observer;
  }
  override receive(): Uint8Array | undefined {
    return this.#ended ? new Uint8Array(0) : undefined;
  }
  end(): void {
    this.#ended = true;
    this.#reader?.readable();
  }
}

for (const when of ["before", "after"]) {
  Deno.test(`DuplexAdapter: a peer that closes ${when} this side is waited for no longer`, async () => {
    const below = new EndingStream();
    const carrier = new DuplexAdapter(below, (options) => new Duplex(options));
    carrier.duplex.resume();
    const turn = () => new Promise((resolve) => setTimeout(resolve));
    await turn();
    if (when === "before") below.end();
    for (let turns = 0; turns < 10; turns++) await turn();
    assertEquals(carrier.ended, when === "before");
    const began = performance.now();
    const closed = carrier.closeWithPeer();
    if (when === "after") below.end();
    await closed;
    assertEquals(below.closed, 1);
    // Those who stay away are waited for twice as long.
    assert(performance.now() - began < 1000);
  });
}

/** A connection that takes nothing before it has room. */
class FullStream extends DeadStream {
  #hasRoom = false;
  #writer: ReadinessObserver | undefined;

  override pollWrite(observer: ReadinessObserver): void {
    this.#writer = observer;
    if (this.#hasRoom) observer.writable();
  }
  override send(bytes: Uint8Array): number {
    return this.#hasRoom ? bytes.length : 0;
  }
  makeRoom(): void {
    this.#hasRoom = true;
    this.#writer?.writable();
  }
}

Deno.test("DuplexAdapter: what is destroyed while it says why closes the connection when that is sent", () => {
  const below = new FullStream();
  const carrier = new DuplexAdapter(below, (options) => new Duplex(options));
  carrier.duplex.write("what was wrong");
  carrier.duplex.destroy();
  assertEquals(below.closed, 0);
  below.makeRoom();
  assertEquals(below.closed, 1);
});

/** A connection with one piece to receive, which is overwritten when it is released. */
class ReusingStream extends DeadStream {
  readonly memory = new TextEncoder().encode("hello");
  released = 0;
  #hasData = true;

  override pollRead(observer: ReadinessObserver): void {
    if (this.#hasData) observer.readable();
  }
  override receive(): Uint8Array | undefined {
    if (!this.#hasData) return undefined;
    this.#hasData = false;
    return this.memory;
  }
  release(): void {
    this.released++;
    this.memory.fill(0xdd);
  }
}

for (const flowing of [true, false]) {
  const what = flowing ? "are released when taken" : "are kept until taken";
  Deno.test(`DuplexAdapter: bytes ${what}`, async () => {
    const below = new ReusingStream();
    const { duplex } = new DuplexAdapter(below, (it) => new Duplex(it));
    const taken: string[] = [];
    const turn = () => new Promise((resolve) => setTimeout(resolve));
    if (flowing) duplex.on("data", (data) => taken.push(`${data}`));
    else duplex.read(0);
    while (below.released === 0 && duplex.readableLength === 0) await turn();
    if (!flowing) taken.push(`${duplex.read()}`);
    assertEquals([taken, below.released], [["hello"], flowing ? 1 : 0]);
    duplex.destroy();
  });
}
