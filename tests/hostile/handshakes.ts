// What hostile peers do to a connection that begins with TLS, below it.

import type { Act, Behaviour, Exchange } from "./behaviours.ts";
import { garbage } from "./behaviours.ts";
import type { SideName } from "./carriers.ts";
import { joined } from "./peer.ts";
import { broken, HEADER_LENGTH, type Meddle, TLSPeer } from "./tls_peer.ts";

/** What a record is, by its first byte. */
const ALERT = 21;
const HANDSHAKE = 22;
const DATA = 23;

/** How many peers do what goes wrong by chance. */
const SEVERAL = 6;

const TLS_FAILED = ["SSLError"];
const LOST = ["ConnectionLost"];

const encoder = new TextEncoder();

/** A record, or the beginning of one that is announced as longer than it is. */
function record(
  kind: number,
  content: Uint8Array,
  length = content.length,
): Uint8Array {
  const header = [kind, 3, 3, length >> 8, length & 255];
  return joined(Uint8Array.from(header), content);
}

/** An alert, as it is sent before anything is encrypted. */
function alert(level: 1 | 2, code: number): Uint8Array {
  return record(ALERT, Uint8Array.of(level, code));
}

/** Peers that send what is no handshake, and read what they are told of it. */
function sending(...pieces: Uint8Array[]): () => Act[] {
  return () =>
    pieces.map((piece) => async (peer) => {
      await peer.send(piece);
      await peer.ended;
      peer.end();
    });
}

/** The places in a record at which to stop: as a part of its length. */
const PLACES: readonly ((length: number) => number)[] = [
  () => 0,
  () => 1,
  () => HEADER_LENGTH,
  (length) => length >> 1,
  (length) => length - 1,
];

/** As many records of its own as a peer needs for a handshake. */
const RECORDS = { client: 3, server: 3 };

/**
 * A peer for each place of each record of a handshake, which goes no further: up to
 * the whole handshake but its last byte.
 */
function eachStep(us: SideName, then: (peer: TLSPeer) => unknown): () => Act[] {
  const them = us === "server" ? "client" : "server";
  const steps = Array.from({ length: RECORDS[them] }, (_, step) => step);
  return () =>
    steps.flatMap((step) =>
      PLACES.map((place): Act => async (raw) => {
        const stopped = Promise.withResolvers<void>();
        const meddle: Meddle = (record, index) => {
          if (index < step) return record;
          stopped.resolve();
          return index > step ? null : record.subarray(0, place(record.length));
        };
        const peer = TLSPeer.begin(raw, us, meddle);
        await stopped.promise;
        await then(peer);
      })
    );
}

/** A peer that has come through the handshake, and then breaks TLS. */
function afterwards(
  us: SideName,
  act: (peer: TLSPeer, exchange: Exchange) => unknown,
): (exchange: Exchange) => Act[] {
  return (exchange) =>
    Array.from({ length: SEVERAL }, () => async (raw) => {
      const peer = TLSPeer.begin(raw, us);
      await peer.handshake;
      await act(peer, exchange);
      // Who has told the end waits for this one.
      peer.ended.then(() => peer.cut());
    });
}

/** Sends something, the last record of which is broken. */
async function sendBroken(peer: TLSPeer, bytes: Uint8Array): Promise<void> {
  peer.meddle(broken);
  await peer.send(bytes);
}

/**
 * What comes to its end by what the peer does.
 *
 * @param us the side that is tried out
 */
export function endingHandshakes(us: SideName): Behaviour[] {
  const raw = { isRaw: true, reasons: TLS_FAILED };
  return [
    {
      ...raw,
      name: "speaks in clear to TLS",
      acts: sending(
        encoder.encode("GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"),
        encoder.encode("HTTP/1.0 400 Bad Request\r\n\r\n"),
        encoder.encode("220 localhost ESMTP\r\n"),
      ),
    },
    {
      ...raw,
      name: "sends garbage to TLS",
      acts: sending(garbage(50), garbage(500), garbage(20_000)),
    },
    {
      ...raw,
      name: "sends records that are too long for TLS",
      acts: sending(
        record(HANDSHAKE, garbage(20_000), 0xffff),
        record(DATA, garbage(0x4801)),
      ),
    },
    {
      ...raw,
      name: "ends the handshake with an alert",
      acts: sending(alert(2, 40), alert(2, 80)),
    },
    {
      ...raw,
      name: "says goodbye in the handshake",
      acts: () => [async (peer) => {
        await peer.send(alert(1, 0));
        peer.end();
        await peer.ended;
      }],
    },
    {
      ...raw,
      name: "closes before the handshake",
      acts: () => [async (peer) => {
        peer.end();
        await peer.ended;
      }],
    },
    {
      ...raw,
      name: "closes at each step of the handshake",
      acts: eachStep(us, async (peer) => {
        peer.cut();
        await peer.closed;
      }),
    },
    {
      ...raw,
      name: "resets at each step of the handshake",
      acts: eachStep(us, (peer) => peer.reset()),
      reasons: [...LOST, ...TLS_FAILED],
    },
    {
      ...raw,
      name: "breaks each record of the handshake",
      acts: () =>
        [0, 1, 2].map((step): Act => async (raw) => {
          const meddle: Meddle = (record, index) => {
            return index === step ? broken(record) : record;
          };
          await TLSPeer.begin(raw, us, meddle).ended;
        }),
    },
    {
      ...raw,
      name: "breaks a record",
      acts: afterwards(us, async (peer, { message }) => {
        await sendBroken(peer, message);
        await peer.ended;
      }),
    },
    {
      ...raw,
      name: "breaks a record, and goes on",
      acts: afterwards(us, async (peer, { message }) => {
        await sendBroken(peer, message);
        peer.meddle((record) => record);
        for (let i = 0; i < 5; i++) await peer.send(new Uint8Array(50_000));
        await peer.ended;
      }),
    },
    {
      ...raw,
      name: "breaks a record, goes on and closes",
      acts: afterwards(us, async (peer, { message }) => {
        await sendBroken(peer, message);
        await peer.send(new Uint8Array(100_000));
        peer.cut();
        await peer.ended;
      }),
    },
    {
      ...raw,
      name: "breaks a record, goes on and resets",
      acts: afterwards(us, async (peer, { message }) => {
        await sendBroken(peer, message);
        await peer.send(new Uint8Array(100_000));
        peer.reset();
      }),
      reasons: [...LOST, ...TLS_FAILED],
    },
    {
      ...raw,
      name: "sends a record that is too long",
      acts: afterwards(us, async (peer, { message }) => {
        peer.meddle(() => record(DATA, garbage(20_000), 0xffff));
        await peer.send(message);
        await peer.ended;
      }),
    },
    {
      ...raw,
      name: "speaks in clear behind the handshake",
      acts: afterwards(us, async (peer, { message }) => {
        peer.meddle(() => joined(message, new Uint8Array(100)));
        await peer.send(message);
        await peer.ended;
      }),
    },
    {
      ...raw,
      name: "closes without a goodbye",
      acts: afterwards(us, async (peer) => {
        peer.cut();
        await peer.closed;
      }),
      // The end of the handshake may come together with that.
      reasons: [...LOST, ...TLS_FAILED],
    },
    {
      ...raw,
      name: "closes without a goodbye, behind a message",
      acts: afterwards(us, async (peer, { message, answer }) => {
        await peer.send(message);
        await peer.got(answer.length);
        peer.cut();
        await peer.closed;
      }),
      reasons: LOST,
    },
    {
      ...raw,
      name: "closes in the middle of a record",
      acts: afterwards(us, async (peer, { message }) => {
        peer.meddle((record) => record.subarray(0, record.length >> 1));
        await peer.send(message);
        peer.cut();
        await peer.closed;
      }),
      reasons: [...LOST, ...TLS_FAILED],
    },
  ];
}

/**
 * What has no end of its own.
 *
 * @param us the side that is tried out
 */
export function lastingHandshakes(us: SideName): Behaviour[] {
  return [
    {
      name: "says nothing to TLS",
      acts: () => Array.from({ length: 3 }, () => () => {}),
      isRaw: true,
      // Nothing was written: there is nothing to wait for.
      reasons: ["ConnectionAborted"],
    },
    {
      name: "stalls at each step of the handshake",
      acts: eachStep(us, () => {}),
      isRaw: true,
      reasons: ["ConnectionAborted"],
    },
  ];
}
