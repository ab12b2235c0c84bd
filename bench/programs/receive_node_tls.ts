/**
 * Receives it all over TLS with nothing but `node:tls`. Its argument is the sender's
 * port.
 */

import { once } from "node:events";
import { connect } from "node:tls";
import { answer } from "./answer.ts";
import { checkTotal, mebibytesPerSecond } from "./stream.ts";

const port = Number(Deno.args[0]);

async function receive(): Promise<void> {
  const socket = connect({ host: "localhost", port });
  let received = 0;
  socket.on("data", (data: Uint8Array) => {
    received += data.length;
  });
  await once(socket, "close");
  checkTotal(received);
}

await answer(0, () => mebibytesPerSecond(receive));
