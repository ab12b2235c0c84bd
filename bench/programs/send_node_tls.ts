/**
 * Sends it all over TLS with nothing but `node:tls`. Its argument is the receiver's
 * port.
 */

import { once } from "node:events";
import { connect } from "node:tls";
import { answer } from "./answer.ts";
import { CHUNK, mebibytesPerSecond, TOTAL } from "./stream.ts";

const port = Number(Deno.args[0]);
const chunk = new Uint8Array(CHUNK);

async function send(): Promise<void> {
  const socket = connect({ host: "localhost", port });
  socket.resume();
  // The receiver closes the connection when it has it all.
  const closed = once(socket, "close");
  await once(socket, "secureConnect");
  for (let sent = 0; sent < TOTAL; sent += chunk.length) {
    if (!socket.write(chunk)) await once(socket, "drain");
  }
  await closed;
}

await answer(0, () => mebibytesPerSecond(send));
