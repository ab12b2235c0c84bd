/** Receives it all with nothing but Deno. Its argument is the sender's port. */

import { answer } from "./answer.ts";
import { checkTotal, CHUNK, mebibytesPerSecond } from "./stream.ts";

const port = Number(Deno.args[0]);

async function receive(): Promise<void> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const buffer = new Uint8Array(CHUNK);
  let received = 0;
  for (;;) {
    const count = await conn.read(buffer);
    if (count === null) break;
    received += count;
  }
  conn.close();
  checkTotal(received);
}

await answer(0, () => mebibytesPerSecond(receive));
