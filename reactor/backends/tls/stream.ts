import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { Address } from "../../addresses.ts";
import type { ReadinessObserver, SecureStream, Stream } from "../../backend.ts";
import { NodeStream } from "../node/stream.ts";
import { Readiness } from "../readiness.ts";
import { DuplexAdapter, type MakeDuplex } from "./duplex_adapter.ts";
import { CertificateError, ConnectionLost, SSLError } from "../../errors.ts";
import type { PeerCertificate } from "../../interfaces.ts";

/**
 * Over any stream, by `node:tls`, which Deno has as well. Nothing passes until the
 * handshake is complete, and then everything, over Node's stream.
 */
export class TLSStream implements SecureStream {
  readonly localAddress: Address;
  readonly remoteAddress: Address;
  readonly #below: Stream;
  readonly #adapter: DuplexAdapter;
  readonly #readiness = new Readiness();
  #handshakeCallbacks: (() => void)[] = [];
  #socket: TLSSocket | undefined;
  #stream: NodeStream | undefined;
  /** Why the handshake has failed. */
  #broken: ConnectionLost | undefined;
  #closed = false;
  #closeNotified = false;

  /** @param below carries the encrypted bytes */
  constructor(below: Stream, makeDuplex: MakeDuplex, begin: BeginHandshake) {
    this.localAddress = below.localAddress;
    this.remoteAddress = below.remoteAddress;
    this.#below = below;
    this.#adapter = new DuplexAdapter(below, makeDuplex);
    const failed = (error: Error) => this.#failed(error);
    this.#adapter.duplex
      .on("end", () => this.#breakWith(closedInHandshake()))
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

  get secured(): boolean {
    return this.#stream !== undefined;
  }

  get lost(): ConnectionLost | undefined {
    return this.#stream === undefined ? this.#broken : this.#stream.lost;
  }

  onHandshake(fn: () => void): void {
    if (this.secured) fn();
    else this.#handshakeCallbacks.push(fn);
  }

  pollRead(observer: ReadinessObserver): void {
    if (this.#stream !== undefined) this.#stream.pollRead(observer);
    else this.#readiness.pollRead(observer, this.#broken !== undefined);
    // What is decrypted comes first.
    if (!this.#socket?.readableLength) this.#adapter.resume();
  }

  pollWrite(observer: ReadinessObserver): void {
    if (this.#stream !== undefined) this.#stream.pollWrite(observer);
    else this.#readiness.pollWrite(observer, this.#broken !== undefined);
  }

  receive(max: number): Uint8Array | ConnectionLost | undefined {
    if (this.#stream === undefined) return this.#broken;
    const received = this.#stream.receive(max);
    if (received === undefined || received instanceof ConnectionLost) {
      return received;
    }
    // An attacker can end a connection, but not send close_notify.
    const isTruncated = received.length === 0 && !this.#closeNotified;
    return isTruncated ? truncated() : received;
  }

  send(bytes: Uint8Array): number | ConnectionLost {
    return this.#stream?.send(bytes) ?? this.#broken ?? 0;
  }

  endWrite(): void {
    this.#stream?.endWrite();
  }

  setNoDelay(enabled: boolean): void {
    this.#below.setNoDelay?.(enabled);
  }

  setKeepAlive(enabled: boolean): void {
    this.#below.setKeepAlive?.(enabled);
  }

  close(): void | Promise<void> {
    if (this.#closed) return;
    this.#forget();
    const socket = this.#socket;
    // After a failure there is no close_notify to send or to wait for.
    if (socket === undefined || socket.errored) return this.#adapter.close();
    socket.resume();
    socket.end();
    return this.#adapter.closeWithPeer();
  }

  abort(): void {
    this.#forget();
    this.#adapter.abort();
  }

  #forget(): void {
    this.#closed = true;
    this.#handshakeCallbacks = [];
    this.#readiness.clear();
  }

  #completed(socket: TLSSocket): void {
    if (this.#socket !== undefined) return this.#failed(renegotiated());
    if (this.#closed || this.#broken !== undefined) return;
    this.#socket = socket;
    socket.disableRenegotiation();
    this.#detectCloseNotify(socket);
    socket.pause();
    this.#stream = new NodeStream(socket, {
      local: this.localAddress,
      remote: this.remoteAddress,
      explain: (error) => tlsError(error, true),
    });
    for (const fn of this.#handshakeCallbacks.splice(0)) fn();
    this.#readiness.moveTo(this);
  }

  #failed(error: Error): void {
    this.#breakWith(tlsError(error, false));
    // Node's TLS may not report it.
    this.#socket?.destroy(error);
  }

  /** Ignored once the handshake is complete. */
  #breakWith(reason: ConnectionLost): void {
    if (this.secured || this.#broken !== undefined) return;
    this.#broken = reason;
    this.#readiness.readable();
    this.#readiness.writable();
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

export type BeginHandshake = (
  duplex: Duplex,
  observer: HandshakeObserver,
) => void;

export interface HandshakeObserver {
  /** The first, or a renegotiation that the peer began. */
  completed(socket: TLSSocket): void;
  /** Or the connection broke. Only the first time counts. */
  failed(error: Error): void;
}

/** Of repeated parts, the last. */
function namesIn(names: object): Record<string, string> {
  const entries = Object.entries(names).map(([key, value]) => {
    return [key, String(Array.isArray(value) ? value.at(-1) : value)];
  });
  return Object.fromEntries(entries);
}

/** OpenSSL's `reason` stands amid the message. */
interface TLSError extends Error {
  readonly code?: string | undefined;
  readonly reason?: string | undefined;
}

/** OpenSSL's codes for an unverified certificate, and Node's for names. */
const UNVERIFIED =
  /^(CERT|CRL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERROR_IN_C|INVALID_(CA|PURPOSE)|PATH_LENGTH|HOSTNAME|ERR_TLS_CERT)_?|DID_NOT_RETURN_A_CERTIFICATE/;

/** Alerts of a peer that does not accept this side's certificate. */
const REJECTED = /CERTIFICATE_REQUIRED|ALERT_(UNKNOWN_CA|\w*CERTIFICATE)/;

/** With what OpenSSL or rustls said. */
function tlsError(
  error: TLSError,
  isHandshakeComplete: boolean,
): ConnectionLost {
  if (error instanceof ConnectionLost) return error;
  const { code = "", reason = error.message } = error;
  const cause = { cause: error };
  if (UNVERIFIED.test(code)) {
    const message = `Cannot verify the peer's certificate: ${reason}`;
    return new CertificateError(message, cause);
  }
  if (REJECTED.test(code)) {
    const message = `The peer has rejected this side's certificate: ${reason}`;
    return new CertificateError(message, cause);
  }
  if (code === "ECONNRESET" && !isHandshakeComplete) {
    return closedInHandshake(cause);
  }
  return new SSLError(`TLS has failed: ${reason}`, cause);
}

function renegotiated(): SSLError {
  return new SSLError(
    "TLS has failed: the peer has asked for a renegotiation, which is refused",
  );
}

function closedInHandshake(options?: ErrorOptions): SSLError {
  return new SSLError(
    "TLS has failed: the peer has closed the connection during the handshake",
    options,
  );
}

function truncated(): ConnectionLost {
  return new ConnectionLost(
    "The connection was lost: the peer has closed it without ending TLS, so that something may be missing",
  );
}
