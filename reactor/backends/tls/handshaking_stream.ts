import type { Address } from "../../addresses.ts";
import type { ReadinessObserver, SecureStream, Stream } from "../../backend.ts";
import type { ConnectionLost } from "../../errors.ts";
import type { PeerCertificate } from "../../interfaces.ts";
import { Readiness } from "../readiness.ts";

/**
 * A {@linkcode SecureStream}, whatever implements TLS: nothing passes until the handshake
 * is complete, and then everything goes to the stream that a subclass has made.
 */
export abstract class HandshakingStream implements SecureStream {
  readonly localAddress: Address;
  readonly remoteAddress: Address;
  #stream: Stream | undefined;
  #broken: ConnectionLost | undefined;
  #closed = false;
  readonly #readiness = new Readiness();
  #handshakeCallbacks: (() => void)[] = [];

  constructor(below: Stream) {
    this.localAddress = below.localAddress;
    this.remoteAddress = below.remoteAddress;
  }

  abstract get negotiatedProtocol(): string | undefined;

  abstract get peerCertificate(): PeerCertificate | undefined;

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
  }

  pollWrite(observer: ReadinessObserver): void {
    if (this.#stream !== undefined) this.#stream.pollWrite(observer);
    else this.#readiness.pollWrite(observer, this.#broken !== undefined);
  }

  receive(max: number): Uint8Array | ConnectionLost | undefined {
    return this.#stream === undefined
      ? this.#broken
      : this.#stream.receive(max);
  }

  release(): void {
    this.#stream?.release?.();
  }

  send(bytes: Uint8Array): number | ConnectionLost {
    return this.#stream?.send(bytes) ?? this.#broken ?? 0;
  }

  endWrite(): void {
    this.#stream?.endWrite?.();
  }

  close(): void | Promise<void> {
    if (this.#closed) return;
    this.#forget();
    return this.closeNow();
  }

  abort(): void {
    this.#forget();
    this.abortNow();
  }

  /** Behind a close_notify if the handshake is complete. */
  protected abstract closeNow(): void | Promise<void>;

  protected abstract abortNow(): void;

  /**
   * For the subclass: the handshake is complete.
   * @param makeStream makes what this passes everything on to; not called once this is
   *   closed
   */
  protected secure(makeStream: () => Stream): void {
    if (this.#closed || this.#broken !== undefined) return;
    this.#stream = makeStream();
    for (const fn of this.#handshakeCallbacks.splice(0)) fn();
    this.#readiness.moveTo(this);
  }

  /** For the subclass: the handshake has failed. Ignored once complete. */
  protected fail(reason: ConnectionLost): void {
    if (this.secured || this.#broken !== undefined) return;
    this.#broken = reason;
    this.#readiness.readable();
    this.#readiness.writable();
  }

  #forget(): void {
    this.#closed = true;
    this.#handshakeCallbacks = [];
    this.#readiness.clear();
  }
}
