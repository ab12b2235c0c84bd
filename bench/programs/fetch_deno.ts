/**
 * Fetches poems with nothing but Deno. Its arguments are the server's port and, where
 * the bytes are only to be counted, "count".
 */

import { answer } from "./answer.ts";
import {
  AT_ONCE,
  checkPoem,
  checkSize,
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

async function getSize(hostname: string, port: number): Promise<number> {
  const conn = await Deno.connect({ hostname, port });
  try {
    const buffer = new Uint8Array(4 * 1024);
    let size = 0;
    for (;;) {
      const count = await conn.read(buffer);
      if (count === null) return size;
      size += count;
    }
  } finally {
    conn.close();
  }
}

async function fetchOne(): Promise<void> {
  checkPoem(await getPoetry("127.0.0.1", port), whole);
}

async function countOne(): Promise<void> {
  checkSize(await getSize("127.0.0.1", port));
}

const getOne = Deno.args[1] === "count" ? countOne : fetchOne;

async function fetchAll(): Promise<void> {
  let left = POEMS;
  async function fetchSome(): Promise<void> {
    while (left-- > 0) await getOne();
  }
  await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
}

await answer(0, () => poemsPerSecond(fetchAll));
