/**
 * Receives it all from whoever connects, and then closes the connection: the
 * other end of the sending programs.
 */

import { answer } from "./answer.ts";
import { PEER_CHUNK, TOTAL } from "./stream.ts";

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const buffer = new Uint8Array(PEER_CHUNK);

async function drain(conn: Deno.TcpConn): Promise<void> {
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

await Promise.all([drainAll(), answer(listener.addr.port, () => 0)]);
