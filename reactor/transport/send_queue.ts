import type { Address } from "../addresses.ts";
import type { ReadinessObserver, Stream } from "../backend.ts";
import type { ConnectionLost } from "../errors.ts";

const EMPTY = new Uint8Array(0);

/** Small pieces are joined up to here: a call of the runtime costs more than copying. */
const JOINED_SIZE = 64 * 1024;

/** Not worth cutting off. */
const FEW_SENT = 100;

export class SendQueue {
  /** Sent ones become `EMPTY`, so that their bytes can be collected. */
  #pieces: Uint8Array[] = [];
  /** Not sent; those before it are cut off now and then. */
  #next = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  isEmpty(): boolean {
    return this.#next === this.#pieces.length;
  }

  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#size += piece.length;
  }

  clear(): void {
    this.#pieces = [];
    this.#next = 0;
    this.#size = 0;
  }

  peek(): Uint8Array | undefined {
    const first = this.#pieces[this.#next];
    const second = this.#pieces[this.#next + 1];
    if (first === undefined || second === undefined) return first;
    if (first.length + second.length > JOINED_SIZE) return first;
    return this.#join();
  }

  /** Removes so many bytes of `peek()`: they were sent. */
  consume(count: number): void {
    const first = this.#pieces[this.#next];
    if (first === undefined) return;
    this.#size -= count;
    if (count < first.length) {
      this.#pieces[this.#next] = first.subarray(count);
      return;
    }
    this.#pieces[this.#next++] = EMPTY;
    if (this.isEmpty()) this.clear();
    else if (this.#next > FEW_SENT && this.#next * 2 > this.#pieces.length) {
      this.#pieces = this.#pieces.slice(this.#next);
      this.#next = 0;
    }
  }

  #join(): Uint8Array {
    let size = 0;
    let end = this.#next;
    for (; end < this.#pieces.length; end++) {
      const { length } = this.#pieces[end] ?? EMPTY;
      if (size + length > JOINED_SIZE) break;
      size += length;
    }
    const joined = new Uint8Array(size);
    let offset = 0;
    for (const piece of this.#pieces.slice(this.#next, end)) {
      joined.set(piece, offset);
      offset += piece.length;
    }
    this.#pieces.fill(EMPTY, this.#next, end);
    this.#next = end - 1;
    this.#pieces[this.#next] = joined;
    return joined;
  }
}

/** What was written before TLS must not be sent behind its handshake. */
export class FlushingStream implements Stream, ReadinessObserver {
  readonly #stream: Stream;
  readonly #queue: SendQueue;
  #writer: ReadinessObserver | undefined;
  /** All is sent, and the stream has room again. */
  #isFlushed = false;
  #whenFlushed: (() => void) | undefined;

  constructor(stream: Stream, queue: SendQueue) {
    this.#stream = stream;
    this.#queue = queue;
    stream.pollWrite(this);
  }

  whenFlushed(fn: () => void): void {
    if (this.#isFlushed) fn();
    else this.#whenFlushed = fn;
  }

  get localAddress(): Address {
    return this.#stream.localAddress;
  }

  get remoteAddress(): Address {
    return this.#stream.remoteAddress;
  }

  get lost(): ConnectionLost | undefined {
    return this.#isFlushed ? this.#stream.lost : undefined;
  }

  pollRead(observer: ReadinessObserver): void {
    this.#stream.pollRead(observer);
  }

  pollWrite(observer: ReadinessObserver): void {
    if (this.#isFlushed) this.#stream.pollWrite(observer);
    else this.#writer = observer;
  }

  receive(max: number): Uint8Array | ConnectionLost | undefined {
    return this.#stream.receive(max);
  }

  release(): void {
    this.#stream.release?.();
  }

  send(bytes: Uint8Array): number | ConnectionLost {
    return this.#isFlushed ? this.#stream.send(bytes) : 0;
  }

  checkSent(): void {
    this.#stream.checkSent?.();
  }

  endWrite(): void {
    this.#stream.endWrite?.();
  }

  setNoDelay(enabled: boolean): void {
    this.#stream.setNoDelay?.(enabled);
  }

  setKeepAlive(enabled: boolean): void {
    this.#stream.setKeepAlive?.(enabled);
  }

  close(): void {
    this.#stream.close();
  }

  abort(): void {
    this.#stream.abort();
  }

  /** The reader itself polls. */
  readable(): void {}

  writable(): void {
    const piece = this.#queue.peek();
    if (piece !== undefined) {
      const sent = this.#stream.send(piece);
      if (sent instanceof Error) this.#queue.clear();
      else this.#queue.consume(sent);
      this.#stream.pollWrite(this);
      return;
    }
    this.#isFlushed = true;
    this.#whenFlushed?.();
    const writer = this.#writer;
    this.#writer = undefined;
    if (writer !== undefined) this.#stream.pollWrite(writer);
  }
}
