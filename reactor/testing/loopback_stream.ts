import type { Address } from "../addresses.ts";
import { ConnectionLost } from "../errors.ts";
import type { Stream } from "../backend.ts";

const END = new Uint8Array(0);

export class LoopbackStream implements Stream {
  readonly localAddress: Address;
  readonly remoteAddress: Address;
  readonly peer: LoopbackStream;
  /** Bytes that may be sent in this step. */
  writeBudget = 0;
  /** Operations: the pump sees whether anything has happened. */
  used = 0;
  #arrived: Uint8Array[] = [];
  #ended = false;
  #broken = false;
  #closed = false;

  /** Makes its peer as well. */
  constructor(here: Address, there: Address, peer?: LoopbackStream) {
    this.localAddress = here;
    this.remoteAddress = there;
    this.peer = peer ?? new LoopbackStream(there, here, this);
  }

  get canReceive(): boolean {
    if (this.#closed) return false;
    return this.#ended || this.#broken || this.#arrived.length > 0;
  }

  get lost(): ConnectionLost | undefined {
    return this.#broken ? lost() : undefined;
  }

  /** So many bytes, if the peer has received the earlier ones. */
  allow(size: number): void {
    this.writeBudget = this.peer.#arrived.length === 0 ? size : 0;
  }

  /** The pump asks `canReceive`. */
  pollRead(): void {}

  /** The pump tries to send in each step. */
  pollWrite(): void {}

  receive(max: number): Uint8Array | ConnectionLost | undefined {
    this.used++;
    if (this.#broken) return lost();
    if (this.#arrived.length === 0) return this.#ended ? END : undefined;
    const all = concat(this.#arrived);
    this.#arrived = all.length > max ? [all.subarray(max)] : [];
    return all.subarray(0, max);
  }

  send(bytes: Uint8Array): number | ConnectionLost {
    if (this.#broken) return lost();
    const count = Math.min(bytes.length, this.writeBudget);
    if (count === 0) return 0;
    this.used++;
    this.writeBudget -= count;
    // As TCP does before its reset.
    if (!this.peer.#closed) this.peer.#arrived.push(bytes.slice(0, count));
    return count;
  }

  endWrite(): void {
    this.used++;
    this.peer.#ended = true;
  }

  close(): void {
    this.endWrite();
    this.#closed = true;
    this.#arrived = [];
  }

  abort(): void {
    this.close();
    this.peer.#broken = true;
    this.peer.#arrived = [];
  }
}

function lost(): ConnectionLost {
  return new ConnectionLost("The connection was lost: the peer has reset it");
}

export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  const joined = new Uint8Array(size);
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}
