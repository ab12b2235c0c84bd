/**
 * Receives it all from whoever connects, and then closes the connection: the
 * other end of the sending programs. Its argument is a folder with a certificate,
 * if it is to do so over TLS.
 */

import { answer } from "./answer.ts";
import { listenFor } from "./listen.ts";
import { PEER_CHUNK, TOTAL } from "./stream.ts";

const listener = listenFor(Deno.args[0]);
const buffer = new Uint8Array(PEER_CHUNK);

async function drain(conn: Deno.Conn): Promise<void> {
  for (let received = 0; received < TOTAL;) {
    const count = await conn.read(buffer);
    if (count === null) throw new Error(`Only ${received} bytes came`);
    received += count;
  }
  conn.close();
}

async function drainAll(): Promise<void> {
  for await (const conn of listener) {
    drain(conn).catch((error) => console.error("Not all came:", error));
  }
}

const { port } = listener.addr as Deno.NetAddr;
await Promise.all([drainAll(), answer(port, () => 0)]);
