import { assertEquals } from "@std/assert";
import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { ConnectionLost, IPv4Address } from "../../../../mod.ts";
import { NodeStream } from "../../../../reactor/backends/node/stream.ts";

const ADDRESS = new IPv4Address("TCP", "127.0.0.1", 1);

/** A socket that says what it has taken when the test wants it to. */
class Taking extends EventEmitter {
  writableLength = 0;
  readonly taken: (() => void)[] = [];

  write(_bytes: Uint8Array, taken: () => void): void {
    this.taken.push(taken);
  }

  unref(): void {}
}

Deno.test("NodeStream: a late callback for one write is not taken for the next", () => {
  const socket = new Taking();
  const stream = new NodeStream(socket as unknown as Socket, {
    local: ADDRESS,
    remote: ADDRESS,
    explain: ({ message }) => new ConnectionLost(message),
    chunkwise: true,
  });
  // All of the first goes out at once, and nothing of the second.
  assertEquals(stream.send(new Uint8Array(3)), 3);
  socket.writableLength = 5;
  assertEquals(stream.send(new Uint8Array(5)), 5);
  let told = 0;
  stream.pollWrite({ readable() {}, writable: () => told++ });
  socket.taken[0]?.();
  assertEquals([told, stream.send(new Uint8Array(7))], [0, 0]);
  socket.taken[1]?.();
  assertEquals([told, socket.taken.length], [1, 2]);
});
