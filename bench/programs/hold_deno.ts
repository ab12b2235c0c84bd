/** Holds the connections that come in with nothing but Deno. */

import { answer } from "./answer.ts";
import { holdsOneMore, residentMemory } from "./hold.ts";

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });

async function hold(conn: Deno.TcpConn): Promise<void> {
  holdsOneMore();
  const buffer = new Uint8Array(4 * 1024);
  while (await conn.read(buffer) !== null) { /* and wait on */ }
  conn.close();
}

async function holdAll(): Promise<void> {
  for await (const conn of listener) {
    hold(conn).catch((error) => console.error("A connection broke:", error));
  }
}

await Promise.all([holdAll(), answer(listener.addr.port, residentMemory)]);
