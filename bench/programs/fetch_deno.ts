/** Fetches poems with nothing but Deno. Its argument is the server's port. */

import { answer } from "./answer.ts";
import {
  AT_ONCE,
  checkPoem,
  poemBytes,
  POEMS,
  poemsPerSecond,
} from "./poem.ts";

const port = Number(Deno.args[0]);
const whole = new TextDecoder().decode(poemBytes());

async function getPoetry(hostname: string, port: number): Promise<string> {
  const conn = await Deno.connect({ hostname, port });
  try {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const buffer = new Uint8Array(4 * 1024);
    let poem = "";
    for (;;) {
      const count = await conn.read(buffer);
      if (count === null) return poem + decoder.decode();
      poem += decoder.decode(buffer.subarray(0, count), { stream: true });
    }
  } finally {
    conn.close();
  }
}

async function fetchAll(): Promise<void> {
  let left = POEMS;
  async function fetchSome(): Promise<void> {
    while (left-- > 0) checkPoem(await getPoetry("127.0.0.1", port), whole);
  }
  await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
}

await answer(0, () => poemsPerSecond(fetchAll));
