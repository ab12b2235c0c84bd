import type { Socket } from "node:net";
import { type Address, addressOf } from "../../addresses.ts";
import type { ReadinessObserver, Stream } from "../../backend.ts";
import { lostError } from "../errors.ts";
import { hostTime, type Reference, register } from "../host_time.ts";
import { reasonOf } from "./system.ts";
import { EOF, Readiness } from "../readiness.ts";
import type { ConnectionLost } from "../../errors.ts";

/**
 * Got a chunk in this turn of the runtime, and must not read on in it: where the
 * connection broke right behind the chunk, libuv would report EOF in place of the error,
 * which the next turn's read finds.
 */
let resting: NodeStream[] = [];

const STREAM = Symbol("stream");

interface StreamSocket extends Socket {
  [STREAM]: NodeStream;
}

export interface NodeStreamOptions {
  readonly local: Address;
  readonly remote: Address;
  /** Converts the error that broke it. */
  readonly explain: (error: Error) => ConnectionLost;
  /**
   * For sockets made with {@linkcode SOCKET_OPTIONS}.
   * @default {false}
   */
  readonly chunkwise?: boolean;
}

/**
 * Over a connection of Node's, which must be paused: Node may push what arrives only
 * after a poll. A chunk is kept until taken; one that comes before that, or without a
 * poll, goes back to Node, which is paused. If `chunkwise`, Node starts to read at a
 * poll, and stops when it has a chunk.
 */
export class NodeStream implements Stream {
  readonly localAddress: Address;
  readonly remoteAddress: Address;
  readonly #socket: Socket;
  readonly #readiness = new Readiness();
  readonly #explain: (error: Error) => ConnectionLost;
  readonly #isChunkwise: boolean;
  readonly #reference: Reference;
  /** Not taken yet. */
  #received: Uint8Array | undefined;
  /** Behind that: empty for EOF, or the error. */
  #end: Uint8Array | ConnectionLost | undefined;
  /** The system has not taken all. */
  #sending = false;
  /** Writes; the callback of one can come after the next. */
  #sent = 0;
  #isListening = false;
  #isResting = false;

  constructor(
    socket: Socket,
    { local, remote, explain, chunkwise = false }: NodeStreamOptions,
  ) {
    this.#socket = socket;
    this.localAddress = local;
    this.remoteAddress = remote;
    this.#explain = explain;
    this.#isChunkwise = chunkwise;
    (socket as StreamSocket)[STREAM] = this;
    // One of TLS has no descriptor: the stream below it is registered.
    if (chunkwise) this.#reference = register(socket);
    else {
      socket.on("data", NodeStream.#onData);
      socket.on("close", NodeStream.#onClose);
    }
    socket.on("end", NodeStream.#onEnd);
    socket.on("error", NodeStream.#onError);
  }

  static #onData(this: StreamSocket, chunk: Uint8Array): void {
    this[STREAM].#arrived(chunk);
  }

  static #onReadable(this: StreamSocket): void {
    const stream = this[STREAM];
    if (stream.#received !== undefined) return;
    stream.#take();
    stream.#rest();
  }

  static #resume(this: void): void {
    const rested = resting;
    resting = [];
    for (const stream of rested) {
      stream.#isResting = false;
      if (stream.#readiness.hasReader) stream.#ask();
    }
  }

  static #onEnd(this: StreamSocket): void {
    const stream = this[STREAM];
    stream.#end ??= EOF;
    stream.#readiness.readable();
  }

  static #onClose(this: StreamSocket): void {
    this[STREAM].#closed();
  }

  static #onError(this: StreamSocket, error: Error): void {
    this[STREAM].#breakWith(error);
  }

  get lost(): ConnectionLost | undefined {
    return this.#end instanceof Error ? this.#end : undefined;
  }

  pollRead(observer: ReadinessObserver): void {
    const isReady = this.#received !== undefined || this.#end !== undefined;
    this.#readiness.pollRead(observer, isReady);
    if (isReady) return;
    if (!this.#isChunkwise) {
      if (this.#socket.isPaused()) this.#socket.resume();
    } else if (!this.#isResting) this.#ask();
  }

  pollWrite(observer: ReadinessObserver): void {
    this.#readiness.pollWrite(observer, !this.#sending);
  }

  receive(max: number): Uint8Array | ConnectionLost | undefined {
    const received = this.#received;
    if (received === undefined) return this.#end;
    if (received.length > max) {
      this.#received = received.subarray(max);
      return received.subarray(0, max);
    }
    this.#received = undefined;
    return received;
  }

  send(bytes: Uint8Array): number | ConnectionLost {
    if (this.#end instanceof Error) return this.#end;
    if (this.#sending || bytes.length === 0) return 0;
    this.#write(bytes);
    const socket = this.#socket;
    // Mostly the system takes all at once: there is room before Node calls back.
    if (socket.writableLength === 0 && !socket.errored) this.#sending = false;
    return bytes.length;
  }

  endWrite(): void {
    this.#socket.end();
  }

  close(): void {
    this.forget();
    this.#socket.destroy();
  }

  /** Only TCP can reset. */
  abort(): void {
    this.close();
  }

  /** Fails if the peer has refused earlier writes. */
  protected writeNothing(): void {
    this.#write(EOF);
  }

  protected forget(): void {
    this.#readiness.clear();
    this.#reference?.remove();
  }

  /** Deno's `node:tls` closes an ended connection, even with unread bytes. */
  #closed(): void {
    if (this.#end !== undefined) return;
    // Or it would get what is read here.
    this.#socket.off("data", NodeStream.#onData);
    // Newer Nodes give a chunk at a time.
    for (let rest = this.#read(); rest !== null; rest = this.#read()) {
      this.#keep(joined(this.#received ?? EOF, rest));
    }
    this.#end = EOF;
    this.#readiness.readable();
  }

  #ask(): void {
    // Not earlier: it makes Node start to read.
    if (!this.#isListening) this.#socket.on("readable", NodeStream.#onReadable);
    this.#isListening = true;
    this.#take();
  }

  #read(): Uint8Array | null {
    return this.#socket.read();
  }

  /** Without one, Node starts to read. */
  #take(): void {
    const chunk = this.#read();
    if (chunk === null) return;
    this.#keep(chunk);
    this.#readiness.readable();
  }

  #arrived(chunk: Uint8Array): void {
    if (this.#received !== undefined) {
      this.#socket.pause();
      this.#socket.unshift(chunk);
      return;
    }
    this.#keep(chunk);
    if (this.#readiness.hasReader) this.#readiness.readable();
    else this.#socket.pause();
  }

  /** As no Buffer, whose slice() does not copy. */
  #keep({ buffer, byteOffset, length }: Uint8Array): void {
    this.#received = new Uint8Array(buffer, byteOffset, length);
  }

  #rest(): void {
    this.#isResting = true;
    if (resting.push(this) === 1) hostTime.nextTurn(NodeStream.#resume);
  }

  #write(bytes: Uint8Array): void {
    this.#sending = true;
    const number = ++this.#sent;
    this.#socket.write(bytes, (error) => this.#wasSent(number, error));
  }

  #wasSent(number: number, error: Error | null | undefined): void {
    if (error) return this.#breakWith(error);
    if (!this.#sending || number < this.#sent) return;
    this.#sending = false;
    this.#readiness.writable();
  }

  #breakWith(error: Error): void {
    if (!(this.#end instanceof Error)) this.#end = this.#explain(error);
    this.#sending = false;
    this.#readiness.readable();
    this.#readiness.writable();
  }
}

export class NodeTCPStream extends NodeStream {
  readonly #socket: Socket;

  constructor(
    socket: Socket,
    known: { local?: Address | undefined; remote?: Address | undefined },
  ) {
    // Now, since Node forgets them with the connection.
    super(socket, {
      local: known.local ??
        addressOf(socket.localAddress ?? "", socket.localPort ?? 0),
      remote: known.remote ??
        addressOf(socket.remoteAddress ?? "", socket.remotePort ?? 0),
      ...SOCKET_STREAM,
    });
    this.#socket = socket;
  }

  checkSent(): void {
    this.writeNothing();
  }

  setNoDelay(enabled: boolean): void {
    this.#socket.setNoDelay(enabled);
  }

  setKeepAlive(enabled: boolean): void {
    this.#socket.setKeepAlive(enabled);
  }

  /** With the FIN unsent, Node cannot reset, and would keep the socket. */
  override abort(): void {
    this.forget();
    const socket = this.#socket;
    if (!socket.writableEnded || socket.writableFinished) {
      socket.resetAndDestroy();
    } else socket.once("finish", () => socket.resetAndDestroy());
  }
}

/** Node stops reading at each chunk. */
export const SOCKET_OPTIONS = {
  allowHalfOpen: true,
  readableHighWaterMark: 0,
} as const;

export const SOCKET_STREAM = {
  explain: (error: Error): ConnectionLost => lostError(reasonOf(error)),
  chunkwise: true,
} as const;

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
