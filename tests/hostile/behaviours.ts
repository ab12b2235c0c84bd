// What hostile peers do: each in several ways, a connection for each of them.

import { assertEquals } from "@std/assert";
import { type End, joined, type Peer } from "./peer.ts";

/** What one peer does, until it has done all. */
export type Act = (peer: Peer) => void | Promise<void>;

/** What the side that is tried out is to be sent, and what it answers. */
export interface Exchange {
  /** A whole message of its protocol. */
  readonly message: Uint8Array;
  /** What it answers to that. */
  readonly answer: Uint8Array;
  /** How much it answers to no more than the first bytes of the message. */
  answered(count: number): number;
  /**
   * Whether it answers when the peer has closed its half. What does not go on then
   * is closed as a whole, with what was still to be sent.
   */
  readonly goesOn?: boolean;
}

/** Something that peers do, to any protocol over any carrier. */
export interface Behaviour {
  /** What it is, behind "a peer that". */
  readonly name: string;
  /** What it is made of: what each of several peers does. */
  acts(exchange: Exchange): Act[];
  /** Whether the peers are raw connections, whatever lies over them else. */
  readonly isRaw?: boolean;
  /** The reasons for which the connection may be lost. */
  readonly reasons: readonly string[];
}

/** How many peers do what has no variations. */
const SEVERAL = 6;

const CLEAN = ["ConnectionDone"];
const BROKEN = ["ConnectionLost"];

/** Numbers that look like chance, and are the same in each run. */
function* noise(seed: number): Generator<number> {
  for (let state = seed >>> 0;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state >>> 24;
  }
}

/** Bytes without any sense. */
export function garbage(length: number, seed = length): Uint8Array {
  const numbers = noise(seed);
  return Uint8Array.from({ length }, () => numbers.next().value ?? 0);
}

/** The loop that is tried out goes round meanwhile. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

/** A peer for each place in a message: before, between and after its bytes. */
function eachPlace(
  { message, answer, answered }: Exchange,
  then: (peer: Peer, answer: Uint8Array) => unknown,
): Act[] {
  return Array.from(
    { length: message.length + 1 },
    (_, count) => async (peer: Peer) => {
      await peer.send(message.subarray(0, count));
      await then(peer, answer.subarray(0, answered(count)));
    },
  );
}

function several(act: Act, count = SEVERAL): Act[] {
  return Array.from({ length: count }, () => act);
}

/** The answer has come whole, and behind it a clean end. */
async function checkAnswered(peer: Peer, answer: Uint8Array): Promise<void> {
  const end: End = await peer.ended;
  assertEquals([peer.received.length, end], [answer.length, "end"]);
  assertEquals(peer.received, answer);
}

/** Sends a message, reads the answer, closes, and sees the other side close. */
export function behaves({ message, answer }: Exchange): Act {
  return async (peer) => {
    await peer.send(message);
    await peer.got(answer.length);
    assertEquals(peer.received, answer);
    peer.end();
    await checkAnswered(peer, answer);
  };
}

/** What comes to its end by what the peer does. */
export const ENDING: readonly Behaviour[] = [
  {
    name: "resets as soon as it is connected",
    acts: () => several((peer) => peer.reset()),
    reasons: BROKEN,
  },
  {
    name: "resets before and after each byte of a message",
    acts: (exchange) =>
      eachPlace(exchange, async (peer) => {
        await pause();
        peer.reset();
      }),
    reasons: BROKEN,
  },
  {
    name: "resets behind a message, at once",
    acts: ({ message }) =>
      several(async (peer) => {
        await peer.send(message);
        peer.reset();
      }),
    reasons: BROKEN,
  },
  {
    name: "resets when it has the answer",
    acts: ({ message, answer }) =>
      several(async (peer) => {
        await peer.send(message);
        await peer.got(answer.length);
        peer.reset();
      }),
    reasons: BROKEN,
  },
  {
    name: "resets with the answer unread",
    acts: ({ message }) =>
      several(async (peer) => {
        peer.deafen();
        await peer.send(message);
        for (let i = 0; i < 5; i++) await pause();
        peer.reset();
      }),
    reasons: BROKEN,
  },
  {
    name: "closes its half before and after each byte of a message",
    acts: (exchange) =>
      eachPlace(exchange, async (peer, answer) => {
        peer.end();
        if (exchange.goesOn) return checkAnswered(peer, answer);
        await peer.ended;
        assertEquals(peer.received, answer.subarray(0, peer.received.length));
      }),
    reasons: CLEAN,
  },
  {
    name: "sends byte by byte",
    acts: (exchange) =>
      several(async (peer) => {
        const { message, answer } = exchange;
        for (let at = 0; at < message.length; at++) {
          await peer.send(message.subarray(at, at + 1));
          await pause();
        }
        await peer.got(answer.length);
        peer.end();
        await checkAnswered(peer, answer);
      }, 2),
    reasons: CLEAN,
  },
  {
    name: "sends garbage",
    acts: () =>
      [1, 10, 100, 20_000, 200_000].map((size) => async (peer: Peer) => {
        await peer.send(garbage(size));
        peer.end();
        await peer.ended;
      }),
    reasons: CLEAN,
  },
  {
    name: "sends garbage behind a message",
    acts: ({ message }) =>
      [1, 10, 100, 20_000].map((size) => async (peer: Peer) => {
        await peer.send(joined(message, garbage(size)));
        peer.end();
        await peer.ended;
      }),
    reasons: CLEAN,
  },
  {
    name: "sends garbage and resets",
    acts: () =>
      [1, 100, 20_000].map((size) => async (peer: Peer) => {
        await peer.send(garbage(size));
        await pause();
        peer.reset();
      }),
    // Who has seen that it is garbage has closed before.
    reasons: [...BROKEN, ...CLEAN],
  },
];

/** What has no end of its own: the side that is tried out has to make one. */
export const LASTING: readonly Behaviour[] = [
  {
    name: "connects and says nothing",
    acts: () => several(() => {}),
    reasons: CLEAN,
  },
  {
    name: "stalls after each byte of a message",
    acts: (exchange) => eachPlace(exchange, () => {}),
    reasons: CLEAN,
  },
];
