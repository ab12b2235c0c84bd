import { Failure } from "../../defer/mod.ts";
import { type Address, IPv4Address } from "../addresses.ts";
import { checkBytes } from "../checks.ts";
import { ConnectionAborted, ConnectionDone } from "../errors.ts";
import type {
  PeerCertificate,
  ProtocolLike,
  PullProducer,
  Transport,
} from "../interfaces.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "../tls_options.ts";
import { WebStreams } from "../transport/web_streams.ts";
import { concat } from "./loopback_stream.ts";

/**
 * What a {@linkcode StringTransport} is made with.
 * @category Testing
 */
export interface StringTransportOptions {
  /**
   * Of this end.
   * @default {IPv4Address 10.0.0.1:12345}
   */
  hostAddress?: Address | undefined;
  /**
   * Of the other end.
   * @default {IPv4Address 192.168.1.1:54321}
   */
  peerAddress?: Address | undefined;
}

/**
 * Records what is written and done to it, without a peer: Twisted's `StringTransport`.
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
 * @category Testing
 */
export class StringTransport implements Transport {
  /** Not changed by `loseConnection()`. */
  connected = true;
  disconnecting = false;
  /** By `abortConnection()`. */
  disconnected = false;
  /** By `loseWriteConnection()`. */
  disconnectingWrite = false;
  /** The registered producer. */
  producer: PullProducer | undefined;
  /** Whether it is a push producer. */
  streaming: boolean | undefined;
  /** Paused by the protocol, or stopped. */
  producerState: "producing" | "paused" | "stopped" = "producing";
  /** The argument of `startTLS`. */
  startedTLS: ClientTLSOptions | ServerTLSOptions | undefined = undefined;
  /** Set by a test. */
  negotiatedProtocol: string | undefined = undefined;
  #written: Uint8Array[] = [];
  #noDelay = false;
  #keepAlive = false;
  #host: Address;
  #peer: Address;
  #streams: WebStreams | undefined;

  /** Makes a transport. */
  constructor(options: StringTransportOptions = {}) {
    this.#host = options.hostAddress ??
      new IPv4Address("TCP", "10.0.0.1", 12345);
    this.#peer = options.peerAddress ??
      new IPv4Address("TCP", "192.168.1.1", 54321);
  }

  /** Written since the last `clear()`. */
  value(): Uint8Array {
    return concat(this.#written);
  }

  /** Forgets the written bytes. */
  clear(): void {
    this.#written = [];
  }

  write(data: Uint8Array): void {
    checkBytes("write", data);
    if (!this.#isOver()) this.#written.push(data.slice());
  }

  writeSequence(data: Iterable<Uint8Array>): void {
    const pieces = [...data];
    for (const piece of pieces) checkBytes("writeSequence", piece);
    this.write(concat(pieces));
  }

  loseConnection(): void {
    this.disconnecting = true;
  }

  loseWriteConnection(): void {
    this.disconnectingWrite = true;
    this.#streams?.writeConnectionLost();
  }

  abortConnection(): void {
    this.disconnected = true;
    this.disconnecting = true;
  }

  getTcpNoDelay(): boolean {
    return this.#noDelay;
  }

  setTcpNoDelay(enabled: boolean): void {
    this.#noDelay = enabled;
  }

  getTcpKeepAlive(): boolean {
    return this.#keepAlive;
  }

  setTcpKeepAlive(enabled: boolean): void {
    this.#keepAlive = enabled;
  }

  startTLS(options: ClientTLSOptions | ServerTLSOptions): void {
    if (this.startedTLS !== undefined) {
      throw new Error("Cannot start TLS: it was started before");
    }
    this.startedTLS = options;
  }

  /** Nothing: there is no peer. */
  getPeerCertificate(): PeerCertificate | undefined {
    return undefined;
  }

  getPeer(): Address {
    return this.#peer;
  }

  getHost(): Address {
    return this.#host;
  }

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

  unregisterProducer(): void {
    this.producer = undefined;
    this.streaming = undefined;
  }

  stopConsuming(): void {
    this.unregisterProducer();
    this.loseConnection();
  }

  /** What {@linkcode StringTransport.feed} got. */
  get readable(): ReadableStream<Uint8Array> {
    return this.#webStreams.readable;
  }

  get writable(): WritableStream<Uint8Array> {
    return this.#webStreams.writable;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return this.readable[Symbol.asyncIterator]();
  }

  /**
   * Makes bytes arrive at `readable`.
   * @throws {Error} if that was never used: a protocol then has `dataReceived`
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
   * Makes EOF arrive at `readable`.
   * @param reason why the connection is over, if so, which ends `writable` as well
   */
  feedEnd(reason?: Failure): void {
    if (reason === undefined) this.#streams?.readConnectionLost();
    else this.#streams?.connectionLost(reason);
  }

  pauseProducing(): void {
    if (this.#mayFlow()) this.producerState = "paused";
  }

  resumeProducing(): void {
    if (this.#mayFlow()) this.producerState = "producing";
  }

  stopProducing(): void {
    this.producerState = "stopped";
    this.loseConnection();
  }

  /** A test calls the protocol itself. */
  get #webStreams(): WebStreams {
    return this.#streams ??= new WebStreams(this, () => undefined);
  }

  #mayFlow(): boolean {
    return this.producerState !== "stopped" && !this.disconnecting &&
      !this.#isOver();
  }

  #isOver(): boolean {
    return this.disconnected || !this.connected;
  }
}

/**
 * A {@linkcode StringTransport} that calls its protocol's `connectionLost` when closed:
 * Twisted's `StringTransportWithDisconnection`.
 * @category Testing
 */
export class StringTransportWithDisconnection extends StringTransport {
  /** The protocol. */
  protocol: ProtocolLike | undefined;

  /** `connectionLost` gets a `ConnectionDone`. */
  override loseConnection(): void {
    this.#end(new ConnectionDone());
  }

  /** `connectionLost` gets a `ConnectionAborted`. */
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
