/**
 * A connection: what a protocol knows as its transport.
 *
 * @module
 */

import { Failure } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import { checkBytes } from "../bytes.ts";
import { closeDescriptor, openDescriptor } from "../loop/descriptors.ts";
import { CONNECTION_DONE, ConnectionAborted, SSLError } from "../errors.ts";
import { callUser } from "../loop/call_user.ts";
import type { SecureStream, Stream } from "../backend.ts";
import type {
  DescriptorStatus,
  PeerCertificate,
  ProtocolLike,
  PullProducer,
  PushProducer,
  ReadDescriptor,
  Transport,
  WriteDescriptor,
} from "../interfaces.ts";
import type {
  Disconnectable,
  OpenNode,
  ReactorCore,
} from "../loop/reactor_core.ts";
import { logPrefixOf } from "../log_prefix.ts";
import { FlushingStream } from "./flushing_stream.ts";
import { type ConnectDeadline, Handshake, isSecure } from "./handshake.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "../tls_options.ts";
import { sideOf, tlsLayer } from "./tls.ts";
import { type Receiver, WebStreams } from "./web_streams/web_streams.ts";
import { endStream } from "./end_stream.ts";
import { RegisteredProducer } from "./producer.ts";
import { SendQueue } from "./send_queue.ts";

/** The most that one `dataReceived` gets. */
const RECEIVE_SIZE = 64 * 1024;

const NOTHING = new Uint8Array(0);

/** Where more than this waits to be sent, a producer is told to wait. */
const FULL_SIZE = 64 * 1024;

/** What the side that has made a connection knows of it. */
export interface ClientSide {
  /** Told the reason when the connection is over, after the protocol. */
  readonly onLost?: ((reason: Failure) => void) | undefined;
  /** The host that it has connected to; empty where that is none of the network. */
  readonly connectedTo?: string | undefined;
  /** When it gives up connecting, to which a handshake at the beginning belongs. */
  readonly deadline?: ConnectDeadline | undefined;
}

/**
 * A connection, either side of it: Twisted's `tcp.Connection`. It is a
 * reader and a writer of the reactor like any other, and calls its protocol.
 */
export class Connection
  implements Transport, ReadDescriptor, WriteDescriptor, Disconnectable {
  /**
   * Closing: `loseConnection()` was called, and what was written is still being
   * sent. Aborting: the end is due on the next turn of the loop.
   */
  #state: "open" | "closing" | "aborting" | "closed" = "open";
  #reactor: ReactorCore;
  #stream: Stream;
  #fileno: number;
  #protocol: ProtocolLike;
  /** What this side knows of the connection, if it has made it. */
  #client: ClientSide | undefined;
  /** Where it stands among all that the reactor has to end. */
  #node: OpenNode | undefined;
  /** What waits to be sent; there from the first write on. */
  #queue: SendQueue | undefined;
  /** Whether the reactor has been asked to tell when there is room to write. */
  #writing = false;
  /**
   * The half on which data come. Paused: nothing is to be received for a while.
   * Ended: the peer has closed it.
   */
  #incoming: "open" | "paused" | "ended" = "open";
  /**
   * The half on which data go. Ending: `loseWriteConnection()` was called, and
   * what was written is still being sent. Ended: the peer has been told.
   */
  #outgoing: "open" | "ending" | "ended" = "open";
  /** Whether the stream was asked what has become of all that was written. */
  #checked = false;
  #noDelay = false;
  #keepAlive = false;
  /** What gives out the data to send, where there is such a thing. */
  #producer: RegisteredProducer | undefined;
  /** There over TLS. */
  #handshake: Handshake | undefined;
  /** Set until the protocol has heard that the connection is made. */
  #isNew = true;
  /** What was written in clear before TLS began, and has to go first. */
  #flushing: FlushingStream | undefined;
  /** Its web streams, once they have been asked for. */
  #streams: WebStreams | undefined;

  /**
   * Makes the transport of a protocol, without telling it yet.
   *
   * @param reactor what watches the connection
   * @param stream the open connection
   * @param protocol whom to call
   * @param client what the side that has made the connection knows of it
   */
  constructor(
    reactor: ReactorCore,
    stream: Stream,
    protocol: ProtocolLike,
    client?: ClientSide,
  ) {
    this.#reactor = reactor;
    this.#stream = stream;
    this.#protocol = protocol;
    this.#client = client;
    this.#fileno = openDescriptor(stream);
    if (isSecure(stream)) this.#watchHandshake(stream);
  }

  /** Tells the protocol that the connection is made, and starts to read. */
  start(): void {
    this.#node = this.#reactor.opened(this, "connection");
    this.#tell(this.#protocol, "makeConnection", this, "connectionMade");
    this.#isNew = false;
    this.#startReading();
  }

  get connected(): boolean {
    return this.#state !== "closed";
  }

  get disconnecting(): boolean {
    return this.#state === "closing" || this.#state === "aborting";
  }

  /** It asks for more when its stream has taken everything, and has room again. */
  get releasesPieces(): boolean {
    return true;
  }

  write(data: Uint8Array): void {
    checkBytes("write", data);
    if (data.length === 0 || !this.#canWrite()) return;
    this.#enqueue(data);
    this.#startWriting();
    if (this.#producer !== undefined) this.#producerGave(this.#producer);
  }

  writeSequence(data: Iterable<Uint8Array>): void {
    const pieces = [...data];
    for (const piece of pieces) checkBytes("writeSequence", piece);
    if (pieces.length === 0 || !this.#canWrite()) return;
    for (const piece of pieces) this.#enqueue(piece);
    this.#startWriting();
    if (this.#producer !== undefined) this.#producerGave(this.#producer);
  }

  loseConnection(): void {
    if (this.#state !== "open") return;
    // For what is to be sent a handshake is waited for, but not for nothing.
    if (this.#handshake?.stream.secured === false && !this.#queue?.size) {
      this.#loseInHandshake();
      return;
    }
    this.#state = "closing";
    this.#reactor.removeReader(this);
    // With nothing to send, the first turn that finds room to write ends it.
    this.#callWhenWritable();
  }

  loseWriteConnection(): void {
    if (this.#state !== "open" || this.#outgoing !== "open") return;
    if (this.#stream.endWrite === undefined) {
      this.loseConnection();
      return;
    }
    this.#outgoing = "ending";
    this.#callWhenWritable();
  }

  abortConnection(): void {
    if (this.#isOver()) return;
    this.#endSoon("aborting", new ConnectionAborted());
  }

  setTcpNoDelay(enabled: boolean): void {
    if (this.#state === "closed") return;
    this.#noDelay = Boolean(enabled);
    this.#stream.setNoDelay?.(this.#noDelay);
  }

  getTcpNoDelay(): boolean {
    return this.#noDelay;
  }

  setTcpKeepAlive(enabled: boolean): void {
    if (this.#state === "closed") return;
    this.#keepAlive = Boolean(enabled);
    this.#stream.setKeepAlive?.(this.#keepAlive);
  }

  getTcpKeepAlive(): boolean {
    return this.#keepAlive;
  }

  get readable(): ReadableStream<Uint8Array> {
    return this.#webStreams.readable;
  }

  get writable(): WritableStream<Uint8Array> {
    return this.#webStreams.writable;
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return this.readable[Symbol.asyncIterator]();
  }

  pauseProducing(): void {
    if (this.#incoming === "open") this.#incoming = "paused";
    this.#reactor.removeReader(this);
  }

  resumeProducing(): void {
    if (this.#incoming === "paused") this.#incoming = "open";
    this.#startReading();
  }

  stopProducing(): void {
    this.loseConnection();
  }

  registerProducer(
    producer: PullProducer | PushProducer,
    streaming: boolean,
  ): void {
    if (this.#producer !== undefined) {
      throw new Error(
        `Cannot register a producer with ${this.logPrefix()}: it has one, which must be unregistered first`,
      );
    }
    const registered = new RegisteredProducer(producer, streaming);
    if (!this.#canWrite()) {
      this.#callProducer("stopProducing", () => registered.stop());
      return;
    }
    this.#producer = registered;
    if (!streaming) this.#resumeProducer(registered);
  }

  unregisterProducer(): void {
    this.#producer = undefined;
    if (this.#isOver()) return;
    // What it was waited for can be done now.
    if (this.#state === "closing" || this.#outgoing === "ending") {
      this.#callWhenWritable();
    }
  }

  stopConsuming(): void {
    this.unregisterProducer();
    this.loseConnection();
  }

  startTLS(options: ClientTLSOptions | ServerTLSOptions): void {
    if (this.#handshake !== undefined) {
      throw new Error(
        `Cannot start TLS with ${this.getPeer()}: it was started before`,
      );
    }
    const layer = tlsLayer(
      this.#reactor.backend,
      sideOf(options, this.#client?.connectedTo),
    );
    if (!this.#canWrite()) return;
    if (this.#protocol.bufferedBytes) {
      this.#endSoon("closing", sentInClear(this.#protocol.bufferedBytes));
      return;
    }
    const earlier = this.#queue ?? new SendQueue();
    this.#queue = undefined;
    this.#flushing = new FlushingStream(this.#stream, earlier);
    this.#goOnWith(layer(this.#flushing));
  }

  get negotiatedProtocol(): string | undefined {
    return this.#handshake?.stream.negotiatedProtocol;
  }

  getPeerCertificate(): PeerCertificate | undefined {
    return this.#handshake?.stream.peerCertificate;
  }

  getPeer(): Address {
    return this.#stream.remoteAddress;
  }

  getHost(): Address {
    return this.#stream.localAddress;
  }

  // --- What the reactor calls

  fileno(): number {
    return this.#state === "closed" ? -1 : this.#fileno;
  }

  logPrefix(): string {
    return logPrefixOf(this.#protocol);
  }

  doRead(): DescriptorStatus {
    // What came of that may be that nothing is to be received now, or ever.
    if (this.#handshake?.tell() && !this.#isReading()) return;
    const data = this.#stream.receive(RECEIVE_SIZE);
    if (data === undefined) return;
    if (data instanceof Error) return data;
    if (data.length === 0) return this.#incomingEnded();
    this.#tell(this.#receiver, "dataReceived", data);
  }

  doWrite(): DescriptorStatus {
    const piece = this.#queue?.first() ?? this.#nextOfProducer();
    // The producer can have aborted the connection.
    if (this.#isOver()) return;
    if (piece === undefined) return this.#allSent();
    const sent = this.#stream.send(piece);
    if (sent instanceof Error) return sent;
    this.#queue?.drop(sent);
  }

  connectionLost(reason: Failure): void {
    if (this.#state === "closed") return;
    const how = this.#state === "aborting" ? "abort" : "close";
    endStream(this.#reactor, this.#stream, how);
    this.#state = "closed";
    this.#handshake?.end();
    this.#queue?.clear();
    this.#reactor.removeReader(this);
    this.#reactor.removeWriter(this);
    this.#node?.remove();
    closeDescriptor(this.#fileno);
    const producer = this.#producer;
    this.#producer = undefined;
    if (producer !== undefined) {
      this.#callProducer("stopProducing", () => producer.stop());
    }
    this.#tell(this.#receiver, "connectionLost", reason);
    this.#client?.onLost?.(reason);
  }

  disconnectNow(reason: Failure): void {
    this.connectionLost(reason);
  }

  // ---

  get #webStreams(): WebStreams {
    return this.#streams ??= new WebStreams(this, () => this.#protocol);
  }

  /** Who is told what happens: the protocol, or the streams before it. */
  get #receiver(): Receiver {
    return this.#streams ?? this.#protocol;
  }

  /**
   * What `#callProtocol` does, for what every connection has to tell: that makes a
   * function and a text each time, which are needed where something goes wrong.
   */
  #tell<N extends string, A>(
    whom: Record<N, (about: A) => unknown>,
    notice: N,
    about: A,
    what: string = notice,
  ): void {
    try {
      const returned = whom[notice](about);
      if (returned instanceof Promise) this.#callProtocol(what, () => returned);
    } catch (error) {
      this.#callProtocol(what, () => {
        throw error;
      });
    }
  }

  /** Calls the protocol. An error out of it ends the connection. */
  #callProtocol(what: string, fn: () => unknown): void {
    callUser(
      this.#reactor.log,
      `${what} of ${this.logPrefix()}`,
      fn,
      (failure) => this.connectionLost(failure),
    );
  }

  /** Whether nothing that is written now can be sent any more. */
  #isOver(): boolean {
    return this.#state === "closed" || this.#state === "aborting";
  }

  /** Whether what is written now can still be sent. */
  #canWrite(): boolean {
    return !this.#isOver() && this.#outgoing !== "ended";
  }

  /** Whether what arrives is to be received now. */
  #isReading(): boolean {
    return this.#state === "open" && this.#incoming === "open";
  }

  #startReading(): void {
    if (this.#isReading()) this.#reactor.addReader(this);
  }

  /** Does nothing more, and ends on the next turn of the loop. */
  #endSoon(state: "closing" | "aborting", reason: Error): void {
    this.#state = state;
    this.#queue?.clear();
    this.#reactor.removeReader(this);
    this.#reactor.removeWriter(this);
    this.#reactor.callFromThread(() =>
      this.connectionLost(new Failure(reason))
    );
  }

  #enqueue(data: Uint8Array): void {
    this.#queue ??= new SendQueue();
    this.#queue.add(data);
    this.#checked = false;
  }

  #startWriting(): void {
    if (this.#writing || !this.#queue?.size) return;
    this.#callWhenWritable();
  }

  #callWhenWritable(): void {
    this.#writing = true;
    this.#reactor.addWriter(this);
  }

  /** There is nothing to send: what was to come after that comes now. */
  #allSent(): DescriptorStatus {
    // The stream had taken all of it, and may know by now that it was lost.
    const sent = this.#stream.send(NOTHING);
    if (sent instanceof Error) return sent;
    const isEnding = this.#state === "closing" || this.#outgoing === "ending";
    if (!isEnding || this.#producer?.isAwaited) return this.#stopWriting();
    if (this.#mustCheck()) return this.#check();
    if (this.#state === "closing") return CONNECTION_DONE;
    return this.#endOutgoing();
  }

  /** Whether a peer that has refused what was sent would go unnoticed. */
  #mustCheck(): boolean {
    return this.#incoming !== "open" && this.#outgoing !== "ended" &&
      this.#stream.checkSent !== undefined && !this.#checked;
  }

  /** Has the stream find out what became of what was sent. It then has room. */
  #check(): void {
    this.#checked = true;
    this.#stream.checkSent?.();
  }

  #stopWriting(): void {
    this.#writing = false;
    this.#reactor.removeWriter(this);
  }

  // --- TLS

  #watchHandshake(stream: SecureStream): void {
    const handshake = new Handshake(
      stream,
      {
        completed: () => {
          this.#callProtocol(
            "handshakeCompleted",
            () => this.#protocol.handshakeCompleted?.(),
          );
        },
        failed: (reason) => this.#handshakeFailed(reason),
      },
      this.#reactor,
      this.#isNew ? this.#client?.deadline : undefined,
    );
    this.#handshake = handshake;
    // The end of the handshake and the first data are small pieces in a row, for
    // the second of which the system would wait for the peer to confirm the first.
    this.setTcpNoDelay(true);
    stream.onHandshake(() => {
      this.#reactor.callFromThread(() => {
        if (!this.#isOver()) handshake.tell();
      });
    });
  }

  /** Only what was written in clear, before TLS, has to go first. */
  #loseInHandshake(): void {
    if (this.#flushing === undefined) {
      this.#endSoon("closing", new ConnectionAborted());
      return;
    }
    this.#state = "closing";
    this.#reactor.removeReader(this);
    this.#flushing.whenFlushed(() => {
      if (this.#isOver() || this.#queue?.size) return;
      this.#endSoon("closing", new ConnectionAborted());
    });
  }

  /** It is not waited for any more, nor for what could be sent only after it. */
  #handshakeFailed(reason: Error): void {
    if (this.#state === "closed") return;
    this.#state = "aborting";
    this.connectionLost(new Failure(reason));
  }

  /** Reads from, and writes to, what lies over the stream so far. */
  #goOnWith(stream: SecureStream): void {
    this.#reactor.removeReader(this);
    this.#reactor.removeWriter(this);
    closeDescriptor(this.#fileno);
    this.#stream = stream;
    this.#fileno = openDescriptor(stream);
    this.#watchHandshake(stream);
    this.#startReading();
    // What waits for all to be sent still does.
    if (this.#writing) this.#callWhenWritable();
  }

  // --- The two halves

  /** The peer sends nothing more. That is the end, unless the protocol goes on. */
  #incomingEnded(): DescriptorStatus {
    const receiver = this.#receiver;
    if (receiver.readConnectionLost === undefined) return CONNECTION_DONE;
    this.#incoming = "ended";
    this.#reactor.removeReader(this);
    this.#callProtocol(
      "readConnectionLost",
      () => receiver.readConnectionLost?.(),
    );
    if (this.#outgoing === "ended") return this.#bothEnded();
  }

  #endOutgoing(): DescriptorStatus {
    this.#outgoing = "ended";
    this.#stopWriting();
    this.#stream.endWrite?.();
    this.#callProtocol(
      "writeConnectionLost",
      () => this.#receiver.writeConnectionLost?.(),
    );
    if (this.#incoming === "ended") return this.#bothEnded();
  }

  /** That is the end, unless the protocol has just chosen another. */
  #bothEnded(): DescriptorStatus {
    return this.#isOver() ? undefined : CONNECTION_DONE;
  }

  // --- The producer

  /** Tells it to wait, if it gives out data faster than they can be sent. */
  #producerGave(producer: RegisteredProducer): void {
    const tooMuch = (this.#queue?.size ?? 0) > FULL_SIZE;
    // It may be another who has written: whoever waits is still to be told.
    if (!tooMuch && producer.isWaiting) return;
    this.#callProducer("pauseProducing", () => producer.gave(tooMuch));
  }

  #resumeProducer(producer: RegisteredProducer): void {
    this.#callProducer("resumeProducing", () => producer.resume());
  }

  /** What a producer gives out that had to wait until there was nothing to send. */
  #nextOfProducer(): Uint8Array | undefined {
    if (!this.#producer?.isWaiting) return undefined;
    this.#resumeProducer(this.#producer);
    return this.#queue?.first();
  }

  /** Calls the producer. An error out of it ends the connection, a turn later. */
  #callProducer(what: string, fn: () => unknown): void {
    const { log } = this.#reactor;
    callUser(
      log,
      `${what} of a producer for ${this.logPrefix()}`,
      fn,
      (failure) => {
        this.#reactor.callFromThread(() => this.connectionLost(failure));
      },
    );
  }
}

function sentInClear(count: number): SSLError {
  return new SSLError(
    `Cannot start TLS: ${count} bytes came in clear behind what has asked for it, and anybody could have put them in`,
  );
}
