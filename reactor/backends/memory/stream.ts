/**
 * A connection in memory: both of its ends are in this process.
 *
 * @module
 */

import type { Address } from "../../addresses.ts";
import { ConnectionLost } from "../../errors.ts";
import type { ReadinessObserver, Stream } from "../../backend.ts";

/** How many bytes one direction of a connection holds: little, to be full soon. */
const CAPACITY = 64 * 1024;

const END = new Uint8Array(0);

function lostError(why: string): ConnectionLost {
  return new ConnectionLost(`The connection was lost: ${why}`);
}

/** One direction of a connection: bytes on their way, and who waits at each end. */
class Pipe {
  #pieces: Uint8Array[] = [];
  #held = 0;
  #ended = false;
  #broken: ConnectionLost | undefined;
  /** Whether something was held when it broke. */
  #hasLost = false;
  reader: ReadinessObserver | undefined;
  writer: ReadinessObserver | undefined;

  get isEmpty(): boolean {
    return this.#held === 0;
  }

  get canRead(): boolean {
    return this.#held > 0 || this.#ended || this.#broken !== undefined;
  }

  get canWrite(): boolean {
    return this.#held < CAPACITY || this.#broken !== undefined;
  }

  receive(max: number): Uint8Array | ConnectionLost | undefined {
    const first = this.#pieces[0];
    if (first === undefined) {
      return this.#broken ?? (this.#ended ? END : undefined);
    }
    const taken = first.subarray(0, max);
    if (taken.length === first.length) this.#pieces.shift();
    else this.#pieces[0] = first.subarray(max);
    this.#held -= taken.length;
    this.#tell();
    return taken;
  }

  /** Why something that was sent is lost, if it is. */
  get lost(): ConnectionLost | undefined {
    return this.#hasLost ? this.#broken : undefined;
  }

  send(bytes: Uint8Array): number | ConnectionLost {
    if (this.#broken !== undefined) return this.#broken;
    // Copied, as a kernel does: the sender may use its bytes again.
    const taken = bytes.slice(0, CAPACITY - this.#held);
    if (taken.length > 0) this.#pieces.push(taken);
    this.#held += taken.length;
    this.#tell();
    return taken.length;
  }

  /** Nothing more will be sent: what is held can still be received. */
  end(): void {
    this.#ended = true;
    this.#tell();
  }

  /** Nothing more will be sent, and what was sent the other way is lost. */
  breakOff(why: string): void {
    this.#broken ??= lostError(why);
    this.#tell();
  }

  /** What is held is lost, and neither end can use it any more. */
  break(why: string): void {
    if (this.#broken !== undefined) return;
    this.#hasLost = this.#held > 0;
    this.#pieces = [];
    this.#held = 0;
    this.#broken = lostError(why);
    this.#tell();
  }

  #tell(): void {
    const { reader, writer } = this;
    if (reader !== undefined && this.canRead) {
      this.reader = undefined;
      reader.readable();
    }
    if (writer !== undefined && this.canWrite) {
      this.writer = undefined;
      writer.writable();
    }
  }
}

/** One end of a connection. */
export class MemoryStream implements Stream {
  readonly localAddress: Address;
  readonly remoteAddress: Address;
  #incoming: Pipe;
  #outgoing: Pipe;

  private constructor(
    addresses: { local: Address; remote: Address },
    incoming: Pipe,
    outgoing: Pipe,
  ) {
    this.localAddress = addresses.local;
    this.remoteAddress = addresses.remote;
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  /**
   * Makes a connection.
   *
   * @param local the address of the one end
   * @param remote the address of the other end
   */
  static pair(
    local: Address,
    remote: Address,
  ): { near: MemoryStream; far: MemoryStream } {
    const there = new Pipe();
    const back = new Pipe();
    return {
      near: new MemoryStream({ local, remote }, back, there),
      far: new MemoryStream({ local: remote, remote: local }, there, back),
    };
  }

  get lost(): ConnectionLost | undefined {
    return this.#outgoing.lost;
  }

  pollRead(observer: ReadinessObserver): void {
    if (this.#incoming.canRead) observer.readable();
    else this.#incoming.reader = observer;
  }

  pollWrite(observer: ReadinessObserver): void {
    if (this.#outgoing.canWrite) observer.writable();
    else this.#outgoing.writer = observer;
  }

  receive(max: number): Uint8Array | ConnectionLost | undefined {
    return this.#incoming.receive(max);
  }

  send(bytes: Uint8Array): number | ConnectionLost {
    return this.#outgoing.send(bytes);
  }

  endWrite(): void {
    this.#outgoing.end();
  }

  close(): void {
    this.#forget();
    // With something unread a kernel resets the connection, behind what was sent.
    if (this.#incoming.isEmpty) this.#outgoing.end();
    else {this.#outgoing.breakOff(
        "the peer has closed it, and not read everything",
      );}
    this.#incoming.break("the peer has closed it");
  }

  abort(): void {
    this.#forget();
    this.#outgoing.break("the peer has reset it");
    this.#incoming.break("the peer has reset it");
  }

  #forget(): void {
    this.#incoming.reader = undefined;
    this.#outgoing.writer = undefined;
  }
}
