/**
 * Receives all the strings with nothing but Deno: the least code that cuts what
 * arrives into netstrings, or into strings behind a length of four bytes. Like a
 * protocol it gives each string as bytes that can be kept. Its arguments are the
 * sender's port and the form.
 */

import { answer } from "./answer.ts";
import { formOf, messagesPerSecond, Tally } from "./messages.ts";

/** What one read may bring. */
const READ_SIZE = 64 * 1024;

/** As long as a string may be. */
const MOST = 99_999;

const port = Number(Deno.args[0]);
const split = { netstrings, int32, lines: undefined }[formOf(Deno.args[1])];

/** Gives the strings that are there to `each`, and returns where the rest begins. */
type Split = (bytes: Uint8Array, each: (string: Uint8Array) => void) => number;

function netstrings(
  bytes: Uint8Array,
  each: (string: Uint8Array) => void,
): number {
  for (let start = 0;;) {
    let length = 0;
    let at = start;
    for (; at < bytes.length && bytes[at] !== 0x3a; at++) {
      const digit = (bytes[at] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) throw new Error("A length is no number");
      length = length * 10 + digit;
      if (length > MOST) throw new Error("A string is too long");
    }
    const end = at + 1 + length;
    if (end >= bytes.length) return start;
    if (bytes[end] !== 0x2c) throw new Error("A string has no end");
    each(bytes.subarray(at + 1, end));
    start = end + 1;
  }
}

function int32(bytes: Uint8Array, each: (string: Uint8Array) => void): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0;;) {
    if (start + 4 > bytes.length) return start;
    const length = view.getUint32(start);
    if (length > MOST) throw new Error("A string is too long");
    const end = start + 4 + length;
    if (end > bytes.length) return start;
    each(bytes.subarray(start + 4, end));
    start = end;
  }
}

async function receive(split: Split): Promise<Tally> {
  const tally = new Tally();
  const add = (string: Uint8Array) => tally.add(string);
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  let rest: Uint8Array = new Uint8Array(0);
  for (;;) {
    const buffer = new Uint8Array(rest.length + READ_SIZE);
    buffer.set(rest);
    const count = await conn.read(buffer.subarray(rest.length));
    if (count === null) break;
    const bytes = buffer.subarray(0, rest.length + count);
    rest = bytes.subarray(split(bytes, add));
  }
  conn.close();
  return tally;
}

if (split === undefined) throw new Error("Lines are none of its business");
await answer(0, () => messagesPerSecond(() => receive(split)));
