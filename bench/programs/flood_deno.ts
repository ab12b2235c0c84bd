/**
 * Sends it all to whoever connects: the other end of the receiving programs. Its
 * argument is a folder with a certificate, if it is to do so over TLS.
 */

import { answer } from "./answer.ts";
import { listenFor } from "./listen.ts";
import { PEER_CHUNK, TOTAL } from "./stream.ts";

const listener = listenFor(Deno.args[0]);
const chunk = new Uint8Array(PEER_CHUNK);

async function flood(conn: Deno.Conn): Promise<void> {
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

const { port } = listener.addr as Deno.NetAddr;
await Promise.all([floodAll(), answer(port, () => 0)]);
