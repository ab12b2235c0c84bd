/**
 * A connection over TLS, whoever makes it secure.
 *
 * @module
 */

import type { Address } from "../../addresses.ts";
import type { ConnectionLost } from "../../errors.ts";
import type { ReadinessObserver, SecureStream, Stream } from "../../backend.ts";
import type { PeerCertificate } from "../../interfaces.ts";

/**
 * A {@linkcode SecureStream} that has nothing to give and takes nothing until both
 * ends have agreed, and is another stream from then on: the one that a subclass
 * has made of the connection below.
 */
export abstract class HandshakingStream implements SecureStream {
  readonly localAddress: Address;
  readonly remoteAddress: Address;
  /** There when both ends have agreed. */
  #stream: Stream | undefined;
  #broken: ConnectionLost | undefined;
  #closed = false;
  /** Whoever asked before both ends had agreed. */
  #reader: ReadinessObserver | undefined;
  #writer: ReadinessObserver | undefined;
  #whenSecured: (() => void)[] = [];

  /** @param below the connection that carries the encrypted bytes */
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
    else this.#whenSecured.push(fn);
  }

  pollRead(observer: ReadinessObserver): void {
    if (this.#stream !== undefined) this.#stream.pollRead(observer);
    else if (this.#broken !== undefined) observer.readable();
    else this.#reader = observer;
  }

  pollWrite(observer: ReadinessObserver): void {
    if (this.#stream !== undefined) this.#stream.pollWrite(observer);
    else if (this.#broken !== undefined) observer.writable();
    else this.#writer = observer;
  }

  receive(max: number): Uint8Array | ConnectionLost | undefined {
    return this.#stream === undefined
      ? this.#broken
      : this.#stream.receive(max);
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
    return this.closeNow(this.secured);
  }

  abort(): void {
    this.#forget();
    this.abortNow();
  }

  /**
   * Closes the connection below.
   *
   * @param secured whether both ends have agreed, so that the peer is told first
   * @returns settles when it is closed, if that takes a while
   */
  protected abstract closeNow(secured: boolean): void | Promise<void>;

  /** Closes the connection below so that the peer sees it break. */
  protected abstract abortNow(): void;

  /**
   * For the subclass: both ends have agreed.
   *
   * @param makeStream makes the stream that this is from now on; not called where
   *   it was closed before
   */
  protected secure(makeStream: () => Stream): void {
    if (this.#closed || this.#broken !== undefined) return;
    this.#stream = makeStream();
    for (const fn of this.#whenSecured.splice(0)) fn();
    const [reader, writer] = this.#takeObservers();
    if (reader !== undefined) this.pollRead(reader);
    if (writer !== undefined) this.pollWrite(writer);
  }

  /** For the subclass: both ends could not agree. After that they can't fail to. */
  protected fail(reason: ConnectionLost): void {
    if (this.secured || this.#broken !== undefined) return;
    this.#broken = reason;
    const [reader, writer] = this.#takeObservers();
    reader?.readable();
    writer?.writable();
  }

  #takeObservers(): (ReadinessObserver | undefined)[] {
    const observers = [this.#reader, this.#writer];
    this.#reader = this.#writer = undefined;
    return observers;
  }

  #forget(): void {
    this.#closed = true;
    this.#whenSecured = [];
    this.#takeObservers();
  }
}
