/** Sends it all to whoever connects: the other end of the receiving programs. */

import { answer } from "./answer.ts";
import { PEER_CHUNK, TOTAL } from "./stream.ts";

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const chunk = new Uint8Array(PEER_CHUNK);

async function flood(conn: Deno.TcpConn): Promise<void> {
  for (let sent = 0; sent < TOTAL;) {
    sent += await conn.write(chunk.subarray(0, TOTAL - sent));
  }
  conn.close();
}

async function floodAll(): Promise<void> {
  for await (const conn of listener) {
    flood(conn).catch((error) => console.error("Not all was sent:", error));
  }
}

await Promise.all([floodAll(), answer(listener.addr.port, () => 0)]);
