// TLS over any stream, by `node:tls`; Deno has it as well.

import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { ReadinessObserver, Stream } from "../../backend.ts";
import { ConnectionLost } from "../../errors.ts";
import type { PeerCertificate } from "../../interfaces.ts";
import { NodeStream } from "../node/stream.ts";
import { DuplexAdapter, type MakeDuplex } from "./duplex_adapter.ts";
import {
  closedInHandshake,
  renegotiated,
  tlsError,
  truncated,
} from "./errors.ts";
import { HandshakingStream } from "./handshaking_stream.ts";

export interface HandshakeObserver {
  /** The first, or a renegotiation that the peer began. */
  completed(socket: TLSSocket): void;
  /** Or the connection broke. Only the first time counts. */
  failed(error: Error): void;
}

export type BeginHandshake = (
  duplex: Duplex,
  observer: HandshakeObserver,
) => void;

/** A socket of Node's when the handshake is complete. */
export class TLSStream extends HandshakingStream {
  readonly #below: Stream;
  readonly #adapter: DuplexAdapter;
  #socket: TLSSocket | undefined;
  #closeNotified = false;

  /** @param below carries the encrypted bytes */
  constructor(below: Stream, makeDuplex: MakeDuplex, begin: BeginHandshake) {
    super(below);
    this.#below = below;
    this.#adapter = new DuplexAdapter(below, makeDuplex);
    const failed = (error: Error) => this.#failed(error);
    this.#adapter.duplex
      .on("end", () => this.fail(closedInHandshake()))
      .on("error", failed);
    begin(this.#adapter.duplex, {
      completed: (socket) => this.#completed(socket),
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
    // What is decrypted already comes first.
    if (!this.#socket?.readableLength) this.#adapter.resume();
  }

  override receive(max: number): Uint8Array | ConnectionLost | undefined {
    const received = super.receive(max);
    if (received === undefined || received instanceof ConnectionLost) {
      return received;
    }
    // An attacker can end a connection, but not send close_notify.
    return received.length === 0 && !this.#closeNotified
      ? truncated()
      : received;
  }

  setNoDelay(enabled: boolean): void {
    this.#below.setNoDelay?.(enabled);
  }

  setKeepAlive(enabled: boolean): void {
    this.#below.setKeepAlive?.(enabled);
  }

  protected override closeNow(): void | Promise<void> {
    const socket = this.#socket;
    // After a failure of TLS there is no close_notify to send or to wait for.
    if (socket === undefined || socket.errored) return this.#adapter.close();
    socket.resume();
    socket.end();
    return this.#adapter.closeWithPeer();
  }

  protected override abortNow(): void {
    this.#adapter.abort();
  }

  #completed(socket: TLSSocket): void {
    if (this.#socket === undefined) this.secure(() => this.#makeStream(socket));
    else this.#failed(renegotiated());
  }

  #failed(error: Error): void {
    this.fail(tlsError(error, false));
    // Node's TLS may not report it.
    this.#socket?.destroy(error);
  }

  #makeStream(socket: TLSSocket): Stream {
    this.#socket = socket;
    socket.disableRenegotiation();
    this.#detectCloseNotify(socket);
    socket.pause();
    return new NodeStream(socket, {
      local: this.localAddress,
      remote: this.remoteAddress,
      explain: (error) => tlsError(error, true),
    });
  }

  /**
   * Node reports the same EOF for close_notify and for truncation. What comes first
   * tells: EOF here, or below.
   */
  #detectCloseNotify(socket: TLSSocket): void {
    const push = socket.push.bind(socket);
    socket.push = (chunk, encoding) => {
      if (chunk === null) this.#closeNotified = !this.#adapter.ended;
      return push(chunk, encoding);
    };
  }
}

/** Of a distinguished name; of repeated parts, the last. */
function namesIn(names: object): Record<string, string> {
  const entries = Object.entries(names).map(([key, value]) => {
    return [key, String(Array.isArray(value) ? value.at(-1) : value)];
  });
  return Object.fromEntries(entries);
}
