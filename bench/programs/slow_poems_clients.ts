/**
 * Reads slow poems, all at the same time, and answers how many there were. A poem of
 * which a byte is missing is an error. Its argument is the server's port.
 */

import { answer } from "./answer.ts";
import { CLIENTS, POEM } from "./slow_poems.ts";

const port = Number(Deno.args[0]);

/** How many connect at the same moment. */
const AT_ONCE = 100;

async function readPoem(conn: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(1024);
  let length = 0;
  for (;;) {
    const count = await conn.read(buffer);
    if (count === null) break;
    for (const byte of buffer.subarray(0, count)) {
      if (byte !== POEM[length++]) throw new Error("Another poem came");
    }
  }
  conn.close();
  if (length === POEM.length) return;
  throw new Error(`A poem came with ${length} of its ${POEM.length} bytes`);
}

async function readAll(): Promise<number> {
  const poems: Promise<void>[] = [];
  let left = CLIENTS;
  async function connectSome(): Promise<void> {
    while (left-- > 0) {
      const conn = await Deno.connect({ hostname: "127.0.0.1", port });
      poems.push(readPoem(conn));
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, connectSome));
  await Promise.all(poems);
  return poems.length;
}

await answer(0, readAll);
