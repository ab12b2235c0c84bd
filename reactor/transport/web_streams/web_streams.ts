import { Failure } from "../../../defer/mod.ts";
import { ConnectionDone, ConnectionLost } from "../../errors.ts";
import type { ProtocolLike, Transport } from "../../interfaces.ts";
import { ReadableSide } from "./readable_side.ts";
import { WritableSide } from "./writable_side.ts";
import { markReported } from "../../loop/call_user.ts";

/** What a transport calls after `makeConnection`: its protocol, or web streams. */
export type Receiver = Omit<ProtocolLike, "makeConnection">;

/** More than EOF needs to get through piped streams to the code behind a `for await`. */
const MICROTASKS_UNTIL_EOF_IS_READ = 200;

/**
 * Stands between a transport and its protocol from the streams' first use on, and
 * forwards what they don't need.
 */
export class WebStreams implements Receiver {
  readonly #transport: Transport;
  readonly #protocol: () => ProtocolLike | undefined;
  #incoming: ReadableSide | undefined;
  #outgoing: WritableSide | undefined;
  #reason: Failure | undefined;

  /** @param protocol returns the transport's, if any */
  constructor(transport: Transport, protocol: () => ProtocolLike | undefined) {
    this.#transport = transport;
    this.#protocol = protocol;
  }

  get isRead(): boolean {
    return this.#incoming !== undefined;
  }

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

  #endIncoming(): void {
    const reason = this.#whyOver();
    if (reason === undefined) return;
    if (reason.check(ConnectionDone)) this.#incoming?.end();
    else this.#incoming?.fail(reason.value);
  }

  #endOutgoing(): void {
    const reason = this.#whyOver();
    if (reason === undefined) return;
    const isSent = reason.check(ConnectionDone) && this.#outgoing?.isClosed;
    if (isSent) this.#outgoing?.end();
    else this.#outgoing?.fail(reason.value);
  }

  #whyOver(): Failure | undefined {
    if (this.#reason !== undefined) return this.#reason;
    if (this.#transport.connected) return undefined;
    return new Failure(
      new ConnectionLost(
        "The connection was over before its stream was asked for",
      ),
    );
  }

  #cancelled(): void {
    if (this.#outgoing === undefined || this.#outgoing.isClosed) {
      this.#transport.loseConnection();
    } else {
      // A peer that sends all before it reads would wait for ever.
      this.#transport.resumeProducing();
    }
  }

  #closed(): void {
    if (this.#incoming?.isCancelled) this.#transport.loseConnection();
  }

  /**
   * Closes the connection after the peer's half-close; but first the reader can see EOF,
   * and write an answer, or use `writable` for it.
   */
  async #closeUnlessWritable(): Promise<void> {
    for (let step = 0; step < MICROTASKS_UNTIL_EOF_IS_READ; step++) {
      await undefined;
    }
    if (this.#outgoing === undefined) this.#transport.loseConnection();
  }
}
