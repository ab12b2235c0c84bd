/**
 * A transport that goes nowhere, for testing one protocol by itself.
 *
 * @module
 */

import { Failure } from "../../defer/mod.ts";
import { type Address, IPv4Address } from "../addresses.ts";
import { checkBytes } from "../bytes.ts";
import { ConnectionAborted, ConnectionDone } from "../errors.ts";
import type {
  PeerCertificate,
  ProtocolLike,
  PullProducer,
  Transport,
} from "../interfaces.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "../tls_options.ts";
import { WebStreams } from "../transport/web_streams/web_streams.ts";
import { concat } from "./loopback_stream.ts";

/** What a {@linkcode StringTransport} is made with. */
export interface StringTransportOptions {
  /**
   * The address of this end.
   *
   * @default {IPv4Address 10.0.0.1:12345}
   */
  hostAddress?: Address | undefined;
  /**
   * The address of the other end.
   *
   * @default {IPv4Address 192.168.1.1:54321}
   */
  peerAddress?: Address | undefined;
}

/**
 * A transport that keeps what is written to it: Twisted's `StringTransport`.
 * What is done to it is only noted, so that a test can look. In what it accepts
 * and what it ignores it follows a real connection.
 *
 * @example
 * ```ts
 * import { Protocol } from "@deferno/deferno";
 * import { StringTransport } from "@deferno/deferno/testing";
 *
 * class Echo extends Protocol {
 *   override dataReceived(data: Uint8Array): void {
 *     this.transport.write(data);
 *   }
 * }
 * const transport = new StringTransport();
 * const echo = new Echo();
 * echo.makeConnection(transport);
 * echo.dataReceived(new Uint8Array([1, 2, 3]));
 * console.assert(transport.value().join() === "1,2,3");
 * ```
 */
export class StringTransport implements Transport {
  /** Whether the connection is open; `loseConnection()` leaves it so. */
  connected = true;
  /** Whether the connection was told to close. */
  disconnecting = false;
  /** Whether `abortConnection()` was called. */
  disconnected = false;
  /** Whether the half on which data go was told to close. */
  disconnectingWrite = false;
  /** What is registered to produce. */
  producer: PullProducer | undefined;
  /** Whether the producer goes on by itself, or is asked for every piece. */
  streaming: boolean | undefined;
  /** Whether bytes may come, as the protocol has asked for it last. */
  producerState: "producing" | "paused" | "stopped" = "producing";
  /** What `startTLS` was called with, if it was. */
  startedTLS: ClientTLSOptions | ServerTLSOptions | undefined = undefined;
  /** Which protocol was agreed upon over TLS: what a test puts here. */
  negotiatedProtocol: string | undefined = undefined;
  #written: Uint8Array[] = [];
  #noDelay = false;
  #keepAlive = false;
  #host: Address;
  #peer: Address;
  /** Its web streams, once they have been asked for. */
  #streams: WebStreams | undefined;

  /**
   * Makes a transport that is connected to nobody.
   *
   * @param options the addresses of its ends
   */
  constructor(options: StringTransportOptions = {}) {
    const {
      hostAddress = new IPv4Address("TCP", "10.0.0.1", 12345),
      peerAddress = new IPv4Address("TCP", "192.168.1.1", 54321),
    } = options;
    this.#host = hostAddress;
    this.#peer = peerAddress;
  }

  /** All that was written since the last `clear()`, in one piece. */
  value(): Uint8Array {
    return concat(this.#written);
  }

  /** Forgets what was written so far. */
  clear(): void {
    this.#written = [];
  }

  /**
   * Keeps bytes, unless the connection was aborted or is over.
   *
   * @param data the bytes
   * @throws {TypeError} if `data` is no `Uint8Array`
   */
  write(data: Uint8Array): void {
    checkBytes("write", data);
    if (this.#isOver()) return;
    this.#written.push(data.slice());
  }

  /**
   * Keeps the bytes of several arrays in a row.
   *
   * @param data the arrays
   * @throws {TypeError} if one is no `Uint8Array`; nothing is kept then
   */
  writeSequence(data: Iterable<Uint8Array>): void {
    const pieces = [...data];
    for (const piece of pieces) checkBytes("writeSequence", piece);
    this.write(concat(pieces));
  }

  /** Notes that the connection was told to close, and does nothing else. */
  loseConnection(): void {
    this.disconnecting = true;
  }

  /** Notes that one half was told to close; what was written to it is sent. */
  loseWriteConnection(): void {
    this.disconnectingWrite = true;
    this.#streams?.writeConnectionLost();
  }

  /** Notes that the connection was given up, and keeps nothing more. */
  abortConnection(): void {
    this.disconnected = true;
    this.disconnecting = true;
  }

  /** Whether small pieces were to be sent at once. */
  getTcpNoDelay(): boolean {
    return this.#noDelay;
  }

  /** Notes whether small pieces are to be sent at once. */
  setTcpNoDelay(enabled: boolean): void {
    this.#noDelay = enabled;
  }

  /** Whether a silent peer was to be asked whether it is there. */
  getTcpKeepAlive(): boolean {
    return this.#keepAlive;
  }

  /** Notes whether a silent peer is to be asked whether it is there. */
  setTcpKeepAlive(enabled: boolean): void {
    this.#keepAlive = enabled;
  }

  /**
   * Notes that TLS was to be started, and does nothing else.
   *
   * @param options what to show, and what to trust
   * @throws {Error} if that was done before
   */
  startTLS(options: ClientTLSOptions | ServerTLSOptions): void {
    if (this.startedTLS !== undefined) {
      throw new Error("Cannot start TLS: it was started before");
    }
    this.startedTLS = options;
  }

  /** There is no peer that could show a certificate. */
  getPeerCertificate(): PeerCertificate | undefined {
    return undefined;
  }

  /** The address of the other end. */
  getPeer(): Address {
    return this.#peer;
  }

  /** The address of this end. */
  getHost(): Address {
    return this.#host;
  }

  /**
   * Takes what is going to write. One that is not streaming is asked for its
   * first piece at once; if the connection is over, it is told to stop instead.
   *
   * @param producer what is going to write
   * @param streaming whether it goes on by itself
   * @throws {Error} if there is one already
   */
  registerProducer(producer: PullProducer, streaming: boolean): void {
    if (this.producer !== undefined) {
      throw new Error(
        "Cannot register a producer: the transport has one already",
      );
    }
    if (this.#isOver()) return producer.stopProducing();
    this.producer = producer;
    this.streaming = streaming;
    if (!streaming) producer.resumeProducing();
  }

  /** Forgets the producer, if there is one. */
  unregisterProducer(): void {
    this.producer = undefined;
    this.streaming = undefined;
  }

  /** Forgets the producer, and closes the connection. */
  stopConsuming(): void {
    this.unregisterProducer();
    this.loseConnection();
  }

  /** What {@linkcode StringTransport.feed} is given, for one who reads it so. */
  get readable(): ReadableStream<Uint8Array> {
    return this.#webStreams.readable;
  }

  /** What is written to it is kept, as with `write`. */
  get writable(): WritableStream<Uint8Array> {
    return this.#webStreams.writable;
  }

  /** The pieces of `readable`, for `for await`. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return this.readable[Symbol.asyncIterator]();
  }

  /**
   * Lets bytes arrive for who reads them from `readable`. A protocol that does
   * not is given them by its `dataReceived`.
   *
   * @param data the bytes
   * @throws {Error} if nobody has asked for `readable`
   */
  feed(data: Uint8Array): void {
    if (!this.#streams?.isRead) {
      throw new Error(
        "Cannot feed this transport: nobody has asked for its readable stream. Call the protocol's dataReceived() instead",
      );
    }
    this.#streams.dataReceived(data);
  }

  /**
   * Lets the end arrive for who reads from `readable`: that of the peer's half,
   * or with a reason that of the connection, which ends `writable` as well.
   *
   * @param reason why the connection is over
   */
  feedEnd(reason?: Failure): void {
    if (reason === undefined) this.#streams?.readConnectionLost();
    else this.#streams?.connectionLost(reason);
  }

  /** Notes that nothing is to come for a while. */
  pauseProducing(): void {
    if (this.#mayFlow()) this.producerState = "paused";
  }

  /** Notes that bytes may come again. */
  resumeProducing(): void {
    if (this.#mayFlow()) this.producerState = "producing";
  }

  /** Notes that nothing is to come any more, and closes the connection. */
  stopProducing(): void {
    this.producerState = "stopped";
    this.loseConnection();
  }

  /** There is no protocol to tell: that is the test's. */
  get #webStreams(): WebStreams {
    return this.#streams ??= new WebStreams(this, () => undefined);
  }

  #mayFlow(): boolean {
    return this.producerState !== "stopped" && !this.disconnecting &&
      !this.#isOver();
  }

  /** Whether nothing that is written now would be sent any more. */
  #isOver(): boolean {
    return this.disconnected || !this.connected;
  }
}

/**
 * A {@linkcode StringTransport} that tells its protocol, at once, when it is
 * closed: Twisted's `StringTransportWithDisconnection`.
 *
 * @example
 * ```ts
 * import {
 *   AccumulatingProtocol,
 *   StringTransportWithDisconnection,
 * } from "@deferno/deferno/testing";
 *
 * const transport = new StringTransportWithDisconnection();
 * const protocol = new AccumulatingProtocol();
 * transport.protocol = protocol;
 * protocol.makeConnection(transport);
 * transport.loseConnection();
 * console.assert(protocol.closed && !transport.connected);
 * ```
 */
export class StringTransportWithDisconnection extends StringTransport {
  /** Whom to tell. */
  protocol: ProtocolLike | undefined;

  /** Tells the protocol that the connection was closed cleanly. */
  override loseConnection(): void {
    this.#end(new ConnectionDone());
  }

  /** Tells the protocol that the connection was given up. */
  override abortConnection(): void {
    if (this.connected) this.disconnected = true;
    this.#end(new ConnectionAborted());
  }

  #end(reason: Error): void {
    if (!this.connected) return;
    this.connected = false;
    const { producer } = this;
    this.unregisterProducer();
    producer?.stopProducing();
    const failure = new Failure(reason);
    this.feedEnd(failure);
    this.protocol?.connectionLost(failure);
  }
}
