/**
 * TLS over any stream, by the TLS of Node, which Deno has as well.
 *
 * @module
 */

import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { ConnectionLost } from "../../errors.ts";
import type { ReadinessObserver, Stream } from "../../backend.ts";
import type { PeerCertificate } from "../../interfaces.ts";
import { NodeStream } from "../node/stream.ts";
import { HandshakingStream } from "./handshaking_stream.ts";
import { DuplexAdapter, type MakeDuplex } from "./duplex_adapter.ts";
import { cutOff, hungUp, lostError, renegotiated } from "./errors.ts";

/** Is told how a handshake has ended, and what goes wrong later on. */
export interface HandshakeObserver {
  /**
   * Both ends have agreed; from now on this is the connection. A second time means
   * that the peer has had them agree anew, which nobody here has asked for.
   */
  secured(socket: TLSSocket): void;
  /** They could not, or the connection broke. Only the first time counts. */
  failed(error: Error): void;
}

/** Begins a handshake over what carries the encrypted bytes. */
export type BeginHandshake = (
  carrier: Duplex,
  observer: HandshakeObserver,
) => void;

/** A connection over TLS that is a socket of Node's when both ends have agreed. */
export class TLSStream extends HandshakingStream {
  readonly #below: Stream;
  readonly #carrier: DuplexAdapter;
  #socket: TLSSocket | undefined;
  /** Whether the peer has said goodbye, so that its end is no accident. */
  #endAnnounced = false;

  /**
   * Begins the handshake.
   *
   * @param below the connection that carries the encrypted bytes
   * @param makeDuplex makes the form of it that Node's TLS wants
   * @param begin begins the handshake
   */
  constructor(below: Stream, makeDuplex: MakeDuplex, begin: BeginHandshake) {
    super(below);
    this.#below = below;
    this.#carrier = new DuplexAdapter(below, makeDuplex);
    const failed = (error: Error) => this.#failed(error);
    this.#carrier.duplex
      .on("end", () => this.fail(hungUp()))
      .on("error", failed);
    begin(this.#carrier.duplex, {
      secured: (socket) => this.#secured(socket),
      failed,
    });
  }

  get negotiatedProtocol(): string | undefined {
    return this.#socket?.alpnProtocol || undefined;
  }

  get peerCertificate(): PeerCertificate | undefined {
    const found = this.#socket?.getPeerCertificate();
    if (!found?.raw) return undefined;
    return {
      subject: namesIn(found.subject),
      issuer: namesIn(found.issuer),
      raw: new Uint8Array(found.raw),
    };
  }

  override pollRead(observer: ReadinessObserver): void {
    super.pollRead(observer);
    // What lies here already comes first: nobody has asked for more.
    if (!this.#socket?.readableLength) this.#carrier.goOn();
  }

  override receive(max: number): Uint8Array | ConnectionLost | undefined {
    const received = super.receive(max);
    if (received === undefined || received instanceof ConnectionLost) {
      return received;
    }
    // Somebody in between can end a connection of theirs, but not say goodbye.
    return received.length === 0 && !this.#endAnnounced ? cutOff() : received;
  }

  setNoDelay(enabled: boolean): void {
    this.#below.setNoDelay?.(enabled);
  }

  setKeepAlive(enabled: boolean): void {
    this.#below.setKeepAlive?.(enabled);
  }

  protected override closeNow(): void | Promise<void> {
    const socket = this.#socket;
    // Where TLS has failed there is no goodbye to say, and none to wait for.
    if (socket === undefined || socket.errored) return this.#carrier.close();
    socket.resume();
    socket.end();
    return this.#carrier.closeWithPeer();
  }

  protected override abortNow(): void {
    this.#carrier.abort();
  }

  #secured(socket: TLSSocket): void {
    if (this.#socket === undefined) this.secure(() => this.#makeStream(socket));
    else this.#failed(renegotiated());
  }

  #failed(error: Error): void {
    this.fail(lostError(error, false));
    // Node's TLS may not know of it, or keep it for itself.
    this.#socket?.destroy(error);
  }

  #makeStream(socket: TLSSocket): Stream {
    this.#socket = socket;
    socket.disableRenegotiation();
    this.#watchForEnd(socket);
    socket.pause();
    return new NodeStream(socket, {
      local: this.localAddress,
      remote: this.remoteAddress,
      explain: (error) => lostError(error, true),
    });
  }

  /**
   * Node gives the same end for a goodbye of the peer's and for a connection that
   * was just cut off. They differ in what comes first: the end in here, or below.
   */
  #watchForEnd(socket: TLSSocket): void {
    const push = socket.push.bind(socket);
    socket.push = (chunk, encoding) => {
      if (chunk === null) this.#endAnnounced = !this.#carrier.ended;
      return push(chunk, encoding);
    };
  }
}

/** The parts of a name; of those that there are several of, the last. */
function namesIn(names: object): Record<string, string> {
  const entries = Object.entries(names).map(([key, value]) => {
    return [key, String(Array.isArray(value) ? value.at(-1) : value)];
  });
  return Object.fromEntries(entries);
}
