/**
 * Sends it all with nothing but Deno. Its arguments are the receiver's port and, if
 * it is to do so over TLS, "tls".
 */

import { answer } from "./answer.ts";
import { CHUNK, mebibytesPerSecond, TOTAL } from "./stream.ts";

const port = Number(Deno.args[0]);
const chunk = new Uint8Array(CHUNK);

async function send(): Promise<void> {
  const conn = Deno.args[1] === "tls"
    ? await Deno.connectTls({ hostname: "localhost", port })
    : await Deno.connect({ hostname: "127.0.0.1", port });
  for (let sent = 0; sent < TOTAL; sent += chunk.length) {
    for (let written = 0; written < chunk.length;) {
      written += await conn.write(chunk.subarray(written));
    }
  }
  // The receiver closes the connection when it has it all.
  if (await conn.read(new Uint8Array(1)) !== null) throw new Error("Data came");
  conn.close();
}

await answer(0, () => mebibytesPerSecond(send));
