/**
 * An open connection of Node's, as a non-blocking socket.
 *
 * @module
 */

import type { Socket } from "node:net";
import { type Address, addressOf } from "../addresses.ts";
import type { ConnectionLost } from "../errors.ts";
import type { ReadinessObserver, Stream } from "../interfaces.ts";
import { hostTime } from "./host_time.ts";

const END = new Uint8Array(0);

/**
 * How a socket of Node's has to be made for a {@linkcode NodeStream}: with no room
 * to read ahead, so that Node stops to read at each piece.
 */
export const SOCKET_OPTIONS = {
  allowHalfOpen: true,
  readableHighWaterMark: 0,
} as const;

/**
 * Those to which a piece came in this turn of the runtime. They must not read on
 * before it is over: where a connection broke right behind a piece, and libuv is
 * still reading when it has handed that on, it tells of an end, and not of the
 * break. The next read finds the break.
 */
let resting: NodeStream[] = [];

/** Where a socket's stream is found, by the listeners that all sockets share. */
const STREAM = Symbol("stream");

interface StreamSocket extends Socket {
  [STREAM]: NodeStream;
}

/** The addresses of a connection. */
interface Addresses {
  /** The address of this end. */
  readonly local: Address;
  /** The address of the other end. */
  readonly remote: Address;
}

/** Says why a connection broke. */
interface Explains {
  /** Says it in the terms of this library. */
  readonly explain: (error: Error) => ConnectionLost;
}

/** How a stream reads. */
interface Reads {
  /**
   * Whether it must stop at each piece, and was made with
   * {@linkcode SOCKET_OPTIONS}: a socket of the system's.
   *
   * @default {false}
   */
  readonly piecewise?: boolean;
}

/**
 * A {@linkcode Stream} over a connection of Node's, which must be paused.
 *
 * Node pushes what arrives, so it is let to do so only while somebody asks: a
 * piece is kept until it is taken, and where the next one comes before that, or
 * comes unasked, Node gets it back and is told to wait. Piece by piece, Node starts
 * to read when it is asked, and stops when it has one.
 */
export class NodeStream implements Stream {
  readonly localAddress: Address;
  readonly remoteAddress: Address;
  readonly #socket: Socket;
  /** What has arrived and nobody has taken. */
  #received: Uint8Array | undefined;
  /** What comes behind that: an empty array at the end, the error of a break. */
  #end: Uint8Array | ConnectionLost | undefined;
  /** Whether bytes were sent that the system has not taken yet. */
  #sending = false;
  /** How many pieces were sent: what Node says of one can come after the next. */
  #sent = 0;
  readonly #isPiecewise: boolean;
  #isListening = false;
  #isResting = false;
  #reader: ReadinessObserver | undefined;
  #writer: ReadinessObserver | undefined;
  readonly #explain: (error: Error) => ConnectionLost;

  constructor(
    socket: Socket,
    { local, remote, explain, piecewise = false }:
      & Addresses
      & Explains
      & Reads,
  ) {
    this.#socket = socket;
    this.localAddress = local;
    this.remoteAddress = remote;
    this.#explain = explain;
    this.#isPiecewise = piecewise;
    (socket as StreamSocket)[STREAM] = this;
    if (!piecewise) {
      socket.on("data", NodeStream.#onData);
      socket.on("close", NodeStream.#onClose);
    }
    socket.on("end", NodeStream.#onEnd);
    socket.on("error", NodeStream.#onError);
  }

  static #onData(this: StreamSocket, piece: Uint8Array): void {
    this[STREAM].#arrived(piece);
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
      if (stream.#reader !== undefined) stream.#ask();
    }
  }

  static #onEnd(this: StreamSocket): void {
    const stream = this[STREAM];
    stream.#end ??= END;
    stream.#tellReader();
  }

  static #onClose(this: StreamSocket): void {
    this[STREAM].#closed();
  }

  static #onError(this: StreamSocket, error: Error): void {
    this[STREAM].#breakWith(error);
  }

  pollRead(observer: ReadinessObserver): void {
    if (this.#received !== undefined || this.#end !== undefined) {
      observer.readable();
      return;
    }
    this.#reader = observer;
    if (!this.#isPiecewise) {
      if (this.#socket.isPaused()) this.#socket.resume();
    } else if (!this.#isResting) this.#ask();
  }

  pollWrite(observer: ReadinessObserver): void {
    if (this.#sending) this.#writer = observer;
    else observer.writable();
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
    // Mostly the system takes all of it at once, and there is room for more
    // before Node comes to say so. Where it took none of it, Node comes as well.
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

  /** The peer sees it closed: only over TCP there is a way to break it. */
  abort(): void {
    this.close();
  }

  /** A write of nothing fails where the peer has refused what came before it. */
  protected writeNothing(): void {
    this.#write(END);
  }

  /** Tells nobody of anything any more. */
  protected forget(): void {
    this.#reader = this.#writer = undefined;
  }

  /**
   * Where both ends of a TLS connection have closed their halves, Deno's form of
   * Node closes it, be there something that nobody has read.
   */
  #closed(): void {
    if (this.#end !== undefined) return;
    // Or it would be told of what is read here as well.
    this.#socket.off("data", NodeStream.#onData);
    const rest: Uint8Array | null = this.#socket.read();
    if (rest !== null) this.#keep(joined(this.#received ?? END, rest));
    this.#end = END;
    this.#tellReader();
  }

  #ask(): void {
    // Not before somebody asks: with a listener Node starts to read.
    if (!this.#isListening) this.#socket.on("readable", NodeStream.#onReadable);
    this.#isListening = true;
    this.#take();
  }

  /** Takes a piece from Node, which starts to read where it has none. */
  #take(): void {
    const piece: Uint8Array | null = this.#socket.read();
    if (piece === null) return;
    this.#keep(piece);
    this.#tellReader();
  }

  #arrived(piece: Uint8Array): void {
    if (this.#received !== undefined) {
      this.#socket.pause();
      this.#socket.unshift(piece);
      return;
    }
    this.#keep(piece);
    if (this.#reader === undefined) this.#socket.pause();
    else this.#tellReader();
  }

  /** What is handed out is no Buffer: the slice() of one doesn't copy. */
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
    this.#tellWriter();
  }

  #breakWith(error: Error): void {
    if (!(this.#end instanceof Error)) this.#end = this.#explain(error);
    this.#sending = false;
    this.#tellReader();
    this.#tellWriter();
  }

  #tellReader(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.readable();
  }

  #tellWriter(): void {
    const writer = this.#writer;
    this.#writer = undefined;
    writer?.writable();
  }
}

/** A {@linkcode NodeStream} over TCP. */
export class NodeTCPStream extends NodeStream {
  readonly #socket: Socket;

  /**
   * @param socket the connection, which must be paused
   * @param options the addresses that need not be asked for, and how to say why
   *   the connection broke
   */
  constructor(socket: Socket, options: Partial<Addresses> & Explains) {
    // Now, since Node doesn't know them any more when the connection is over.
    super(socket, {
      local: options.local ??
        addressOf(socket.localAddress ?? "", socket.localPort ?? 0),
      remote: options.remote ??
        addressOf(socket.remoteAddress ?? "", socket.remotePort ?? 0),
      explain: options.explain,
      piecewise: true,
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

  /** While the end is on its way, Node cannot reset, and would keep the socket. */
  override abort(): void {
    this.forget();
    const socket = this.#socket;
    if (!socket.writableEnded || socket.writableFinished) {
      socket.resetAndDestroy();
    } else socket.once("finish", () => socket.resetAndDestroy());
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
