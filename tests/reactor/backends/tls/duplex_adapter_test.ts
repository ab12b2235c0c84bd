import { assertEquals } from "@std/assert";
import { Duplex } from "node:stream";
import { IPv4Address, type Stream } from "../../../../mod.ts";
import { DuplexAdapter } from "../../../../reactor/backends/tls/duplex_adapter.ts";

/** A connection to a peer that neither sends nor takes anything. */
class DeadStream implements Stream {
  readonly localAddress = new IPv4Address("TCP", "127.0.0.1", 1);
  readonly remoteAddress = new IPv4Address("TCP", "127.0.0.1", 2);
  closed = 0;

  pollRead(): void {}
  pollWrite(): void {}
  receive(): undefined {}
  send(): number {
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
