/**
 * Receives it all with nothing but Deno. Its arguments are the sender's port and,
 * if each read is to get a buffer of its own, "anew", or over TLS, "tls".
 */

import { answer } from "./answer.ts";
import { checkTotal, CHUNK, mebibytesPerSecond } from "./stream.ts";

const port = Number(Deno.args[0]);
const anew = Deno.args[1] === "anew";
const tls = Deno.args[1] === "tls";

async function receive(): Promise<void> {
  const conn = tls
    ? await Deno.connectTls({ hostname: "localhost", port })
    : await Deno.connect({ hostname: "127.0.0.1", port });
  let buffer = new Uint8Array(CHUNK);
  let received = 0;
  for (;;) {
    const count = await conn.read(buffer);
    if (count === null) break;
    received += count;
    if (anew) buffer = new Uint8Array(CHUNK);
  }
  conn.close();
  checkTotal(received);
}

await answer(0, () => mebibytesPerSecond(receive));
