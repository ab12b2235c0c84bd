/**
 * Protocols that have released their data when `dataReceived` returns: what they get is
 * right at that moment, and only at that; what others keep stays as it is.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { setDebugging } from "../../mod.ts";
import { CARRIERS, overEach } from "./carriers.ts";
import type { Suite } from "./conformance.ts";
import { bytes, type Hooks, type Recorder } from "./network.ts";
import { bytesAt, standAt } from "./random_bytes.ts";

/** What released bytes become while debugging is on. */
const OVERWRITTEN = 0xdd;

/** Many reads. */
const LARGE = 300_000;

/** Defines the tests. */
export function releasedSuite(suite: Suite): void {
  overwriting(suite);
  manyReads(suite);
}

function isOverwritten(data: Uint8Array): boolean {
  return data.every((byte) => byte === OVERWRITTEN);
}

/** A side whose protocol has released its data, or says what else it is asked. */
function releasing(hooks: Hooks, releasesData = true): Hooks {
  return {
    ...hooks,
    buildProtocol: (protocol) => Object.assign(protocol, { releasesData }),
  };
}

/** A client that sends a word and closes. */
const WORD: Hooks = {
  connectionMade(protocol) {
    protocol.write("hello");
    protocol.transport.loseConnection();
  },
};

function overwriting(suite: Suite): void {
  const cases: [string, boolean, (kept: Uint8Array[]) => Hooks][] = [
    [
      "released data: they are overwritten at once while debugging is on",
      true,
      (kept) => releasing({ dataReceived: (_, data) => void kept.push(data) }),
    ],
    [
      "released data: those of a protocol that does not say so are kept",
      false,
      (kept) => ({ dataReceived: (_, data) => void kept.push(data) }),
    ],
    [
      "released data: what a promise of dataReceived may still need is kept",
      false,
      (kept) =>
        releasing({
          dataReceived: (_, data) => {
            kept.push(data);
            return Promise.resolve();
          },
        }),
    ],
    [
      "released data: what the next protocol may have got is kept",
      false,
      (kept) =>
        releasing({
          dataReceived: (protocol, data) => {
            kept.push(data);
            Object.assign(protocol, { releasesData: false });
          },
        }),
    ],
    [
      "released data: a protocol that begins to release has still to copy nothing",
      false,
      (kept) =>
        releasing({
          dataReceived: (protocol, data) => {
            kept.push(data);
            Object.assign(protocol, { releasesData: true });
          },
        }, false),
    ],
  ];
  for (const [name, overwritten, server] of cases) {
    overEach(suite, CARRIERS, name, async (net, pair) => {
      setDebugging(true);
      try {
        const kept: Uint8Array[] = [];
        const sides = pair({ server: server(kept), client: WORD });
        await net.runUntil("server connectionLost");
        assertEquals(sides.server.protocolBuilt.received, "hello");
        assertEquals(kept.map(isOverwritten), kept.map(() => overwritten));
      } finally {
        setDebugging(false);
      }
    });
  }

  overEach(
    suite,
    CARRIERS,
    "released data: those of a readable stream are kept",
    async (net, pair) => {
      setDebugging(true);
      try {
        const kept: Uint8Array[] = [];
        const read = async ({ transport }: Recorder) => {
          for await (const data of transport.readable) kept.push(data);
          net.record("all read");
        };
        pair({
          server: releasing({ connectionMade: read }),
          client: WORD,
        });
        await net.runUntil("all read", "server connectionLost");
        assertEquals(kept, [bytes("hello")]);
      } finally {
        setDebugging(false);
      }
    },
  );
}

/** Bytes of a known place, and when they were read again. */
interface Kept {
  readonly at: number;
  readonly data: Uint8Array;
}

function manyReads(suite: Suite): void {
  for (const keepsEach of [1, 3, Infinity]) {
    const kind = keepsEach === Infinity
      ? "all of them are released"
      : keepsEach === 1
      ? "none is released"
      : "some are released and some are kept";
    overEach(
      suite,
      CARRIERS,
      `released data: many reads bring what was sent, where ${kind}`,
      async (net, pair) => {
        const kept: Kept[] = [];
        let count = 0;
        let received = 0;
        let wrong = 0;
        const take = (protocol: Recorder, data: Uint8Array) => {
          if (!standAt(received, data)) wrong++;
          if (protocol.releasesData !== true) kept.push({ at: received, data });
          received += data.length;
          const releasesData = ++count % keepsEach !== 0;
          Object.assign(protocol, { releasesData });
        };
        pair({
          server: releasing({ dataReceived: take }, keepsEach !== 1),
          client: {
            connectionMade: ({ transport }) => {
              // In pieces, so that there are small reads as well as full ones.
              let size = 1;
              for (let at = 0; at < LARGE; at += size) {
                size = Math.min(size * 3 % 100_003, LARGE - at);
                transport.write(bytesAt(at, size));
              }
              transport.loseConnection();
            },
          },
        });
        await net.runUntil("server connectionLost");
        const changed = kept.filter(({ at, data }) => !standAt(at, data));
        assertEquals([received, wrong, changed.length], [LARGE, 0, 0]);
      },
    );
  }
}
