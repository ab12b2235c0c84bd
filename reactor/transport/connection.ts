/**
 * What a protocol knows as its transport. `#state` is its life, `#incoming` and
 * `#outgoing` are its halves; docs/architecture.md has the combinations that can occur.
 *
 * - `#state` never goes back. `closing` ends by `CONNECTION_DONE` out of `doWrite`, or,
 *   with what can never be sent, like `aborting` on the next turn (`#endSoon`).
 * - Both halves `ended` ends the connection. `#incoming` goes to and fro between `open`
 *   and `paused`; `#outgoing` goes from `open` over `ending` to `ended`.
 * - `#writing`: the writer is added, also without a queue: a turn with room to write does
 *   what was to come after all is sent (`#allSent`). Behind a small piece with nothing to
 *   come, it is not.
 * - A producer is there only while something can be written. One promised a
 *   `resumeProducing()` (`mustDrain`) holds up `closing` and `ending`.
 * - `#handshake` is there over TLS. Until the stream is `secured` it takes nothing: the
 *   queue waits. `#flushing` below it sends what was written in clear.
 * @module
 */

import { lostThis } from "../../defer/checks.ts";
import { Failure, getDebugging } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import type { SecureStream, Stream } from "../backend.ts";
import { checkBytes } from "../checks.ts";
import { CONNECTION_DONE, ConnectionAborted, SSLError } from "../errors.ts";
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
import { logPrefixOf } from "../log_prefix.ts";
import { callUser } from "../loop/call_user.ts";
import { closeDescriptor, openDescriptor } from "../loop/descriptors.ts";
import type {
  Disconnectable,
  EventLoop,
  ReactorCore,
} from "../loop/reactor_core.ts";
import type { Node } from "../../defer/linked_list.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "../tls_options.ts";
import { FlushingStream, SendQueue } from "./send_queue.ts";
import {
  type ConnectDeadline,
  Handshake,
  isSecure,
  sideOf,
  tlsLayer,
} from "./tls_layer.ts";
import { RegisteredProducer } from "./producer.ts";
import { type Receiver, WebStreams } from "./web_streams.ts";

const RECEIVE_SIZE = 64 * 1024;

/** Released bytes, while debugging: no letter of any text. */
const OVERWRITTEN = 0xdd;

/**
 * The system mostly takes so much at once: nobody waits until it has. More may be the
 * last that a peer which does not read lets through: a later write must find the
 * connection still sending.
 */
const FEW_BYTES = 16 * 1024;

const FULL_SIZE = 64 * 1024;

export interface ClientSide {
  /** After the protocol's `connectionLost`. */
  readonly onLost?: ((reason: Failure) => void) | undefined;
  /** The host; empty over a UNIX socket. */
  readonly connectedTo?: string | undefined;
  readonly deadline?: ConnectDeadline | undefined;
}

/**
 * Either side of a connection: Twisted's `tcp.Connection`.
 * @category Transports
 */
export class Connection implements Transport, ReadDescriptor, WriteDescriptor {
  /** Closing: what was written is being sent. Aborting: ends on the loop's next turn. */
  #state: "open" | "closing" | "aborting" | "closed" = "open";
  #core: ReactorCore;
  #loop: EventLoop;
  #stream: Stream;
  #fileno: number;
  #protocol: ProtocolLike;
  #client: ClientSide | undefined;
  #node: Node<Disconnectable> | undefined;
  #queue: SendQueue | undefined;
  #writing = false;
  /** Paused: by `pauseProducing()`. Ended: the peer has half-closed. */
  #incoming: "open" | "paused" | "ended" = "open";
  /** Ending: what was written is being sent. Ended: half-closed. */
  #outgoing: "open" | "ending" | "ended" = "open";
  /** Whether only a read would tell that the last bytes are lost. */
  #leftToReader = false;
  /** Whether `checkSent()` was called behind the last write. */
  #checked = false;
  #noDelay = false;
  #keepAlive = false;
  #producer: RegisteredProducer | undefined;
  #handshake: Handshake | undefined;
  /** Before the protocol's `makeConnection`. */
  #isNew = true;
  #flushing: FlushingStream | undefined;
  #streams: WebStreams | undefined;

  /** Does not call the protocol yet. */
  constructor(
    core: ReactorCore,
    stream: Stream,
    protocol: ProtocolLike,
    client?: ClientSide,
  ) {
    this.#core = core;
    this.#loop = core.loop;
    this.#stream = stream;
    this.#protocol = protocol;
    this.#client = client;
    this.#fileno = openDescriptor(stream);
    if (isSecure(stream)) this.#watchHandshake(stream);
  }

  /** Tells the protocol, and starts to read. */
  start(): void {
    this.#node = this.#core.opened(this, "connection");
    this.#core.instruments.tell((one) => one.connectionMade?.(this));
    this.#notify(this.#protocol, "makeConnection", this, "connectionMade");
    this.#isNew = false;
    this.#startReading();
  }

  get connected(): boolean {
    return this.#state !== "closed";
  }

  get disconnecting(): boolean {
    return this.#state === "closing" || this.#state === "aborting";
  }

  /** It asks for the next piece when its stream has room again. */
  get releasesPieces(): boolean {
    return true;
  }

  write(data: Uint8Array): void {
    if (this === undefined) throw lostThis("write", "transport");
    checkBytes("write", data);
    if (data.length === 0 || !this.#canWrite()) return;
    this.#enqueue(data);
    this.#startWriting();
    if (this.#producer !== undefined) this.#afterWrite(this.#producer);
  }

  writeSequence(data: Iterable<Uint8Array>): void {
    if (this === undefined) throw lostThis("writeSequence", "transport");
    const pieces = [...data];
    for (const piece of pieces) checkBytes("writeSequence", piece);
    if (pieces.length === 0 || !this.#canWrite()) return;
    for (const piece of pieces) this.#enqueue(piece);
    this.#startWriting();
    if (this.#producer !== undefined) this.#afterWrite(this.#producer);
  }

  loseConnection(): void {
    if (this === undefined) throw lostThis("loseConnection", "transport");
    if (this.#state !== "open") return;
    // With nothing to send, closing need not wait for the handshake.
    if (this.#handshake?.stream.secured === false && !this.#queue?.size) {
      return this.#loseInHandshake();
    }
    this.#state = "closing";
    this.#loop.removeReader(this);
    // With nothing to send, the next turn with room to write ends it.
    this.#callWhenWritable();
  }

  loseWriteConnection(): void {
    if (this.#state !== "open" || this.#outgoing !== "open") return;
    if (this.#stream.endWrite === undefined) return this.loseConnection();
    this.#outgoing = "ending";
    this.#callWhenWritable();
  }

  abortConnection(): void {
    if (this === undefined) throw lostThis("abortConnection", "transport");
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
    if (this.#incoming === "open") this.#setPaused(true);
    this.#loop.removeReader(this);
    this.#watchSent();
  }

  resumeProducing(): void {
    if (this.#incoming === "paused") this.#setPaused(false);
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
      return this.#callProducer("stopProducing", () => registered.stop());
    }
    this.#producer = registered;
    if (!streaming) this.#resumeProducer(registered);
  }

  unregisterProducer(): void {
    this.#producer = undefined;
    if (this.#isOver()) return;
    // What waited for the producer can happen.
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
    // Ignored, what comes in clear would be taken for what came over TLS.
    if (this.#state === "open" && this.#outgoing === "ended") {
      throw new Error(
        `Cannot start TLS with ${this.getPeer()}: this half of the connection is closed`,
      );
    }
    const side = sideOf(options, this.#client?.connectedTo);
    const layer = tlsLayer(this.#loop.backend, side);
    if (!this.#canWrite()) return;
    const { bufferedBytes } = this.#protocol;
    if (bufferedBytes) {
      return this.#endSoon("closing", sentInClear(bufferedBytes));
    }
    const earlier = this.#queue ?? new SendQueue();
    this.#queue = undefined;
    this.#flushing = new FlushingStream(this.#stream, earlier);
    this.#switchTo(layer(this.#flushing));
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
    // `handshakeCompleted` may have paused or ended the connection.
    if (this.#handshake?.report() && !this.#isReading()) return;
    const data = this.#stream.receive(RECEIVE_SIZE);
    if (data === undefined) return;
    if (data instanceof Error) return data;
    if (data.length === 0) return this.#incomingEnded();
    if (this.#core.instruments.active) {
      this.#tellBytes("bytesReceived", data.length);
    }
    // Asked twice: the protocol may have passed the bytes on to one that takes its place.
    const releases = this.#releasesData;
    const isDone = this.#notify(this.#receiver, "dataReceived", data);
    if (isDone && releases && this.#releasesData) this.#release(data);
  }

  doWrite(): DescriptorStatus {
    const piece = this.#queue?.peek() ?? this.#pull();
    if (this.#isOver()) return;
    if (piece === undefined) return this.#allSent();
    const sent = this.#stream.send(piece);
    if (sent instanceof Error) return sent;
    if (this.#core.instruments.active) this.#tellBytes("bytesSent", sent);
    this.#queue?.consume(sent);
    if (sent > FEW_BYTES || !this.#needsNothing()) return;
    this.#leftToReader = true;
    this.#stopWriting();
  }

  connectionLost(reason: Failure): void {
    if (this.#state === "closed") return;
    this.#core.instruments.tell((one) => one.connectionLost?.(this, reason));
    const how = this.#state === "aborting" ? "abort" : "close";
    this.#core.endStream(this.#stream, how);
    this.#state = "closed";
    this.#handshake?.end();
    this.#queue?.clear();
    this.#loop.removeReader(this);
    this.#loop.removeWriter(this);
    this.#node?.remove();
    closeDescriptor(this.#fileno);
    const producer = this.#producer;
    this.#producer = undefined;
    if (producer !== undefined) {
      this.#callProducer("stopProducing", () => producer.stop());
    }
    this.#notify(this.#receiver, "connectionLost", reason);
    this.#client?.onLost?.(reason);
  }

  /** The reactor stops. */
  disconnectNow(reason: Failure): void {
    this.connectionLost(reason);
  }

  get #webStreams(): WebStreams {
    return this.#streams ??= new WebStreams(this, () => this.#protocol);
  }

  #setPaused(isPaused: boolean): void {
    this.#incoming = isPaused ? "paused" : "open";
    const { instruments } = this.#core;
    if (!instruments.active) return;
    const notice = isPaused ? "connectionPaused" : "connectionResumed";
    instruments.tell((one) => one[notice]?.(this));
  }

  #tellBytes(notice: "bytesReceived" | "bytesSent", count: number): void {
    this.#core.instruments.tell((one) => one[notice]?.(this, count));
  }

  get #receiver(): Receiver {
    return this.#streams ?? this.#protocol;
  }

  /**
   * `#callProtocol` for frequent calls: makes the function and the text for the log only
   * where something goes wrong.
   * @returns whether the call is over: not with a promise
   */
  #notify<N extends string, A>(
    whom: Record<N, (about: A) => unknown>,
    notice: N,
    about: A,
    what: string = notice,
  ): boolean {
    try {
      const returned = whom[notice](about);
      if (!(returned instanceof Promise)) return true;
      this.#callProtocol(what, () => returned);
    } catch (error) {
      this.#callProtocol(what, () => {
        throw error;
      });
    }
    return false;
  }

  #tell(
    whom: Receiver,
    notice: "handshakeCompleted" | "readConnectionLost" | "writeConnectionLost",
  ): void {
    this.#callProtocol(notice, () => whom[notice]?.());
  }

  /** Users of web streams keep what they get. */
  get #releasesData(): boolean {
    return this.#streams === undefined && this.#protocol.releasesData === true;
  }

  #release(data: Uint8Array): void {
    if (getDebugging()) data.fill(OVERWRITTEN);
    this.#stream.release?.();
  }

  #callProtocol(what: string, fn: () => unknown): void {
    callUser(
      this.#loop.log,
      `${what} of ${this.logPrefix()}`,
      fn,
      (failure) => this.connectionLost(failure),
    );
  }

  #isOver(): boolean {
    return this.#state === "closed" || this.#state === "aborting";
  }

  #canWrite(): boolean {
    return !this.#isOver() && this.#outgoing !== "ended";
  }

  #isReading(): boolean {
    return this.#state === "open" && this.#incoming === "open";
  }

  #startReading(): void {
    if (this.#isReading()) this.#loop.addReader(this);
  }

  /** Sends and receives no more, and ends on the next turn. */
  #endSoon(state: "closing" | "aborting", reason: Error): void {
    this.#state = state;
    this.#queue?.clear();
    this.#loop.removeReader(this);
    this.#loop.removeWriter(this);
    this.#loop.callFromThread(() => this.connectionLost(new Failure(reason)));
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
    this.#loop.addWriter(this);
  }

  #allSent(): DescriptorStatus {
    // The stream may know by now that something was lost.
    const { lost } = this.#stream;
    if (lost !== undefined) return lost;
    const isEnding = this.#state === "closing" || this.#outgoing === "ending";
    if (!isEnding || this.#producer?.mustDrain) return this.#stopWriting();
    if (this.#mustCheck()) return this.#check();
    if (this.#state === "closing") return CONNECTION_DONE;
    return this.#endOutgoing();
  }

  /** Whether nothing else reports that the peer has refused what was sent. */
  #mustCheck(): boolean {
    return this.#incoming !== "open" && this.#outgoing !== "ended" &&
      this.#stream.checkSent !== undefined && !this.#checked;
  }

  /** `doWrite` is called again when the stream knows. */
  #check(): void {
    this.#checked = true;
    this.#stream.checkSent?.();
  }

  /**
   * Whether a turn with room to write would do nothing, not even learn of a loss: a
   * pending read does.
   */
  #needsNothing(): boolean {
    return !this.#queue?.size && this.#isReading() &&
      this.#outgoing === "open" && this.#producer === undefined;
  }

  /** Nothing is read any more: a turn with room to write tells of a loss. */
  #watchSent(): void {
    if (this.#leftToReader && this.#state === "open") this.#callWhenWritable();
    this.#leftToReader = false;
  }

  #stopWriting(): void {
    this.#writing = false;
    this.#loop.removeWriter(this);
  }

  // --- TLS

  #watchHandshake(stream: SecureStream): void {
    const handshake = new Handshake(
      stream,
      {
        completed: () => this.#tell(this.#protocol, "handshakeCompleted"),
        failed: (reason) => this.#handshakeFailed(reason),
      },
      this.#loop,
      this.#isNew ? this.#client?.deadline : undefined,
    );
    this.#handshake = handshake;
    // The handshake's end and the first data are small writes in a row; Nagle's algorithm
    // would hold the second back until the first is acknowledged.
    this.setTcpNoDelay(true);
    stream.onHandshake(() => {
      this.#core.callInLoop(this, () => {
        if (!this.#isOver()) handshake.report();
      });
    });
  }

  /** Closes without the handshake, behind what was written in clear. */
  #loseInHandshake(): void {
    const end = () => this.#endSoon("closing", new ConnectionAborted());
    if (this.#flushing === undefined) return end();
    this.#state = "closing";
    this.#loop.removeReader(this);
    this.#flushing.whenFlushed(() => {
      if (!this.#isOver() && !this.#queue?.size) end();
    });
  }

  /** What waits for the handshake can never be sent. */
  #handshakeFailed(reason: Error): void {
    if (this.#state === "closed") return;
    this.#state = "aborting";
    this.connectionLost(new Failure(reason));
  }

  #switchTo(stream: SecureStream): void {
    this.#loop.removeReader(this);
    this.#loop.removeWriter(this);
    closeDescriptor(this.#fileno);
    this.#stream = stream;
    this.#fileno = openDescriptor(stream);
    this.#watchHandshake(stream);
    this.#startReading();
    // What waits until all is sent still does.
    if (this.#writing) this.#callWhenWritable();
  }

  // --- The two halves

  #incomingEnded(): DescriptorStatus {
    const receiver = this.#receiver;
    if (receiver.readConnectionLost === undefined) return CONNECTION_DONE;
    this.#incoming = "ended";
    this.#loop.removeReader(this);
    this.#watchSent();
    this.#tell(receiver, "readConnectionLost");
    if (this.#outgoing === "ended") return this.#bothEnded();
  }

  #endOutgoing(): DescriptorStatus {
    this.#outgoing = "ended";
    this.#stopWriting();
    this.#stream.endWrite?.();
    this.#tell(this.#receiver, "writeConnectionLost");
    if (this.#incoming === "ended") return this.#bothEnded();
  }

  /** Unless the protocol has just aborted it. */
  #bothEnded(): DescriptorStatus {
    return this.#isOver() ? undefined : CONNECTION_DONE;
  }

  // --- The producer

  #afterWrite(producer: RegisteredProducer): void {
    const tooMuch = (this.#queue?.size ?? 0) > FULL_SIZE;
    // A write by the protocol is no news of a producer that waits.
    if (!tooMuch && producer.isWaiting) return;
    this.#callProducer("pauseProducing", () => producer.onWrite(tooMuch));
  }

  #resumeProducer(producer: RegisteredProducer): void {
    this.#callProducer("resumeProducing", () => producer.resume());
  }

  #pull(): Uint8Array | undefined {
    if (!this.#producer?.isWaiting) return undefined;
    this.#resumeProducer(this.#producer);
    return this.#queue?.peek();
  }

  #callProducer(what: string, fn: () => unknown): void {
    callUser(
      this.#loop.log,
      `${what} of a producer for ${this.logPrefix()}`,
      fn,
      (failure) => {
        this.#loop.callFromThread(() => this.connectionLost(failure));
      },
    );
  }
}

function sentInClear(count: number): SSLError {
  return new SSLError(
    `Cannot start TLS: ${count} bytes came in clear behind what has asked for it, and anybody could have put them in`,
  );
}
