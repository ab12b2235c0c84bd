// What the tests of protocols share: ways to cut bytes, and bytes as text.

import { assertEquals } from "@std/assert";
import type { Protocol } from "../../../mod.ts";
import { StringTransport } from "../../../testing.ts";

/** How many ways of cutting are tried that are chosen by chance. */
const RANDOM_CUTS = 25;

/** The bytes of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of bytes. */
export function text(data: Uint8Array): string {
  return new TextDecoder().decode(data);
}

/** Numbers from 0 up to 1 that are the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Cuts bytes into pieces of the sizes that a function gives. */
function cut(data: Uint8Array, size: () => number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < data.length;) {
    const piece = data.slice(at, at + size());
    pieces.push(piece);
    at += piece.length;
  }
  return pieces;
}

/**
 * Sizes for pieces, one after the other: all there is, one byte, and by chance,
 * up to the longest.
 */
export function* pieceSizes(
  longest: number,
): Generator<{ name: string; size: () => number }> {
  yield { name: "whole", size: () => Infinity };
  yield { name: "byte by byte", size: () => 1 };
  for (let seed = 0; seed < RANDOM_CUTS; seed++) {
    const random = randomNumbers(seed);
    const upTo = 1 + Math.floor(random() * longest);
    yield {
      name: `seed ${seed}`,
      size: () => 1 + Math.floor(random() * upTo),
    };
  }
}

/** Ways to cut bytes: not at all, byte by byte, and by chance. */
export function* cuts(
  data: Uint8Array,
  longest = 12,
): Generator<{ name: string; pieces: Uint8Array[] }> {
  for (const { name, size } of pieceSizes(longest)) {
    yield { name, pieces: cut(data, size) };
  }
}

/** A protocol that notes the calls of its receivers. */
export type Noting = Protocol & { calls: string[] };

/**
 * Feeds bytes to a new protocol in every way to cut them: each time the same
 * calls have to come.
 */
export function assertCalls(
  make: () => Noting,
  input: string | Uint8Array,
  expected: string[],
): void {
  const data = typeof input === "string" ? bytes(input) : input;
  for (const { name, pieces } of cuts(data)) {
    const { protocol } = connect(make());
    for (const piece of pieces) protocol.dataReceived(piece);
    assertEquals(protocol.calls, expected, name);
  }
}

/** Connects a protocol to a transport that goes nowhere. */
export function connect<P extends Protocol>(
  protocol: P,
): { protocol: P; transport: StringTransport } {
  const transport = new StringTransport();
  protocol.makeConnection(transport);
  return { protocol, transport };
}

/** What is written to a transport meanwhile, write by write. */
export function writes(transport: StringTransport, fn: () => void): string[] {
  const written: string[] = [];
  transport.write = (data) => void written.push(text(data));
  fn();
  return written;
}
