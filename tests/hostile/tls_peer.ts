// A peer over TLS that keeps to no rules below it: each record of its own goes
// through its hands before it is sent.

import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { connect, createSecureContext, TLSSocket } from "node:tls";
import { certificates } from "../support/certificates.ts";
import type { SideName } from "./carriers.ts";
import { joined, Peer } from "./peer.ts";

/** How long the header of a record is: its kind, a version, and its length. */
export const HEADER_LENGTH = 5;

/** Takes a record, and gives what is sent in its place, or nothing. */
export type Meddle = (record: Uint8Array, index: number) => Uint8Array | null;

/** The records that TLS wants to have sent, one at a time. */
class Wire extends Duplex {
  meddle: Meddle = (record) => record;
  readonly #raw: Socket;
  #pending: Uint8Array = new Uint8Array(0);
  #index = 0;

  constructor(raw: Socket) {
    super({ allowHalfOpen: true });
    this.#raw = raw;
    raw.on("data", (piece) => this.push(piece));
    raw.on("end", () => this.push(null));
    raw.on("close", () => this.destroy());
  }

  override _read(): void {
    // What comes is pushed as it comes: little, and a peer has nothing to wait for.
  }

  override _write(
    bytes: Uint8Array,
    _encoding: string,
    done: (error?: Error | null) => void,
  ): void {
    this.#pending = joined(this.#pending, bytes);
    let last = true;
    for (const record of this.#records()) {
      const sent = this.meddle(record, this.#index++);
      if (sent !== null && this.#raw.writable) last = this.#raw.write(sent);
    }
    if (last) done();
    else this.#raw.once("drain", () => done()).once("close", () => done());
  }

  override _final(done: () => void): void {
    this.#raw.end();
    done();
  }

  /** TLS has come to its end, in whatever way. */
  override _destroy(
    error: Error | null,
    done: (error?: Error | null) => void,
  ): void {
    this.#raw.end();
    done(error);
  }

  *#records(): Generator<Uint8Array> {
    while (true) {
      const [, , , high = 0, low = 0] = this.#pending;
      const length = HEADER_LENGTH + high * 256 + low;
      if (this.#pending.length < Math.max(length, HEADER_LENGTH)) return;
      yield this.#pending.slice(0, length);
      this.#pending = this.#pending.slice(length);
    }
  }
}

/** Made once: to read the certificates takes longer than a handshake. */
let contexts: ReturnType<typeof makeContexts> | undefined;

function makeContexts() {
  const { root, server } = certificates();
  return {
    client: createSecureContext({ ca: root.cert }),
    server: createSecureContext(server),
  };
}

/** A peer that speaks TLS, as well as it likes. */
export class TLSPeer extends Peer {
  /** Settles when the handshake is over, or can be no more. */
  readonly handshake: Promise<void>;
  readonly #wire: Wire;

  private constructor(raw: Socket, secure: TLSSocket, wire: Wire) {
    super(raw, secure);
    this.#wire = wire;
    this.handshake = new Promise((resolve) => {
      for (const event of ["secureConnect", "secure", "close", "error"]) {
        secure.on(event, () => resolve());
      }
      raw.on("close", () => resolve());
    });
  }

  /**
   * Begins TLS.
   *
   * @param peer the connection; what it has received is the beginning
   * @param us the side that the other end is
   * @param meddle what becomes of each record
   */
  static begin(
    { raw, received }: Peer,
    us: SideName,
    meddle?: Meddle,
  ): TLSPeer {
    const wire = new Wire(raw);
    if (received.length > 0) wire.push(received);
    if (meddle !== undefined) wire.meddle = meddle;
    const { client, server } = contexts ??= makeContexts();
    const secure = us === "server"
      ? connect({ socket: wire, secureContext: client, host: "localhost" })
      : new TLSSocket(wire, { isServer: true, secureContext: server });
    // Not by itself, where it may go on with half a connection.
    secure.on("end", () => secure.end());
    return new TLSPeer(raw, secure, wire);
  }

  /** Chooses what becomes of each record from now on. */
  meddle(meddle: Meddle): void {
    this.#wire.meddle = meddle;
  }
}

/** The record with a bit of its last byte turned: what proves it is wrong then. */
export function broken(record: Uint8Array): Uint8Array {
  const changed = record.slice();
  changed[changed.length - 1] = (record.at(-1) ?? 0) ^ 1;
  return changed;
}
