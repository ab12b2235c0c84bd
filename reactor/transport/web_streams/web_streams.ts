/**
 * The two web streams of a transport.
 *
 * @module
 */

import { Failure } from "../../../defer/mod.ts";
import { ConnectionDone, ConnectionLost } from "../../errors.ts";
import type { ProtocolLike, Transport } from "../../interfaces.ts";
import { ReadableSide } from "./readable_side.ts";
import { WritableSide } from "./writable_side.ts";
import { markReported } from "../../loop/reported.ts";

/** Whom a transport tells what happens, once its protocol knows it. */
export type Receiver = Omit<ProtocolLike, "makeConnection">;

/**
 * More steps than the end needs to get from promise to promise through the
 * streams behind this one to the code that comes after a `for await`.
 */
const STEPS_OF_THE_END = 200;

/**
 * Stands between a transport and its protocol from the moment on in which one of
 * the streams is asked for. What the streams don't need goes on to the protocol.
 */
export class WebStreams implements Receiver {
  readonly #transport: Transport;
  readonly #protocol: () => ProtocolLike | undefined;
  #incoming: ReadableSide | undefined;
  #outgoing: WritableSide | undefined;
  /** Why the connection is over, once it is. */
  #reason: Failure | undefined;

  /**
   * @param transport whose streams they are
   * @param protocol gives the protocol of the transport, if there still is one
   */
  constructor(transport: Transport, protocol: () => ProtocolLike | undefined) {
    this.#transport = transport;
    this.#protocol = protocol;
  }

  /** Whether what arrives goes to `readable`. */
  get isRead(): boolean {
    return this.#incoming !== undefined;
  }

  /** What arrives: from now on here, and no more at the protocol. */
  get readable(): ReadableStream<Uint8Array> {
    if (this.#incoming === undefined) {
      this.#incoming = new ReadableSide(
        this.#transport,
        () => this.#cancelled(),
      );
      this.#endIncoming();
    }
    return this.#incoming.stream;
  }

  /** What is to be sent. */
  get writable(): WritableStream<Uint8Array> {
    if (this.#outgoing === undefined) {
      this.#outgoing = new WritableSide(this.#transport, () => this.#closed());
      this.#endOutgoing();
    }
    return this.#outgoing.stream;
  }

  // --- What the transport calls

  dataReceived(data: Uint8Array): void {
    if (this.#incoming === undefined) {
      return this.#protocol()?.dataReceived(data);
    }
    this.#incoming.receive(data);
  }

  readConnectionLost(): void {
    this.#incoming?.end();
    const protocol = this.#protocol();
    if (protocol?.readConnectionLost !== undefined) {
      return protocol.readConnectionLost();
    }
    if (this.#outgoing === undefined) void this.#closeUnlessWritable();
  }

  writeConnectionLost(): void {
    this.#outgoing?.end();
    return this.#protocol()?.writeConnectionLost?.();
  }

  connectionLost(reason: Failure): void {
    this.#reason = reason;
    markReported(reason.value);
    this.#endIncoming();
    this.#endOutgoing();
    return this.#protocol()?.connectionLost(reason);
  }

  // --- What the streams call

  /** Ends the stream if the connection is over. */
  #endIncoming(): void {
    const reason = this.#whyOver();
    if (reason === undefined) return;
    if (reason.check(ConnectionDone)) this.#incoming?.end();
    else this.#incoming?.fail(reason.value);
  }

  /** Ends the stream if the connection is over. */
  #endOutgoing(): void {
    const reason = this.#whyOver();
    if (reason === undefined) return;
    const isSent = reason.check(ConnectionDone) && this.#outgoing?.isClosed;
    if (isSent) this.#outgoing?.end();
    else this.#outgoing?.fail(reason.value);
  }

  /** Why the connection is over; nothing, if it is not. */
  #whyOver(): Failure | undefined {
    if (this.#reason !== undefined) return this.#reason;
    if (this.#transport.connected) return undefined;
    return new Failure(
      new ConnectionLost(
        "The connection was over before its stream was asked for",
      ),
    );
  }

  /** The reader wants nothing more. */
  #cancelled(): void {
    if (this.#outgoing === undefined || this.#outgoing.isClosed) {
      this.#transport.loseConnection();
    } else {
      // A peer that sends all it has before it reads must not wait for ever.
      this.#transport.resumeProducing();
    }
  }

  /** The writer has nothing more. */
  #closed(): void {
    if (this.#incoming?.isCancelled) this.#transport.loseConnection();
  }

  /**
   * Closes the connection after the peer has closed its half. Who has just read
   * the end can still write an answer, or ask for the stream to write it to.
   */
  async #closeUnlessWritable(): Promise<void> {
    for (let step = 0; step < STEPS_OF_THE_END; step++) await undefined;
    if (this.#outgoing === undefined) this.#transport.loseConnection();
  }
}
