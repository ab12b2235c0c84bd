/**
 * Sends all the messages to whoever connects, in the form that its argument
 * names: the other end of the programs that receive messages.
 */

import { answer } from "./answer.ts";
import { BATCH, batchOf, formOf, MESSAGES } from "./messages.ts";

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const batch = batchOf(formOf(Deno.args[0]));

async function flood(conn: Deno.TcpConn): Promise<void> {
  for (let sent = 0; sent < MESSAGES; sent += BATCH) {
    for (let at = 0; at < batch.length;) {
      at += await conn.write(batch.subarray(at));
    }
  }
  conn.close();
}

async function floodAll(): Promise<void> {
  for await (const conn of listener) {
    flood(conn).catch((error) => console.error("Not all was sent:", error));
  }
}

await Promise.all([floodAll(), answer(listener.addr.port, () => 0)]);
