import type { Address } from "../../addresses.ts";
import type { ReadinessObserver, Stream } from "../../backend.ts";
import type { ConnectionLost } from "../../errors.ts";
import { lostError } from "../errors.ts";
import { EOF, Readiness } from "../readiness.ts";

/** Of one direction, in bytes: little, so that backpressure comes soon. */
const CAPACITY = 64 * 1024;

function lost(text: string): ConnectionLost {
  return lostError({ kind: "other", text });
}

class Pipe {
  readonly #reader: Readiness;
  readonly #writer: Readiness;
  #pieces: Uint8Array[] = [];
  #held = 0;
  #ended = false;
  #broken: ConnectionLost | undefined;
  #hasLost = false;

  constructor(reader: Readiness, writer: Readiness) {
    this.#reader = reader;
    this.#writer = writer;
  }

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
      return this.#broken ?? (this.#ended ? EOF : undefined);
    }
    const taken = first.subarray(0, max);
    if (taken.length === first.length) this.#pieces.shift();
    else this.#pieces[0] = first.subarray(max);
    this.#held -= taken.length;
    this.#notify();
    return taken;
  }

  get lost(): ConnectionLost | undefined {
    return this.#hasLost ? this.#broken : undefined;
  }

  send(bytes: Uint8Array): number | ConnectionLost {
    if (this.#broken !== undefined) return this.#broken;
    // As a kernel does: the sender may reuse its bytes.
    const taken = bytes.slice(0, CAPACITY - this.#held);
    if (taken.length > 0) this.#pieces.push(taken);
    this.#held += taken.length;
    this.#notify();
    return taken.length;
  }

  end(): void {
    this.#ended = true;
    this.#notify();
  }

  /** Behind what is held comes an error. */
  breakOff(why: string): void {
    this.#broken ??= lost(why);
    this.#notify();
  }

  /** Drops what is held; neither end can use it. */
  break(why: string): void {
    if (this.#broken !== undefined) return;
    this.#hasLost = this.#held > 0;
    this.#pieces = [];
    this.#held = 0;
    this.#broken = lost(why);
    this.#notify();
  }

  #notify(): void {
    if (this.canRead) this.#reader.readable();
    if (this.canWrite) this.#writer.writable();
  }
}

interface End {
  readonly readiness: Readiness;
  readonly incoming: Pipe;
  readonly outgoing: Pipe;
}

export class MemoryStream implements Stream {
  readonly localAddress: Address;
  readonly remoteAddress: Address;
  readonly #readiness: Readiness;
  readonly #incoming: Pipe;
  readonly #outgoing: Pipe;

  private constructor(local: Address, remote: Address, end: End) {
    this.localAddress = local;
    this.remoteAddress = remote;
    this.#readiness = end.readiness;
    this.#incoming = end.incoming;
    this.#outgoing = end.outgoing;
  }

  static pair(
    local: Address,
    remote: Address,
  ): { near: MemoryStream; far: MemoryStream } {
    const [near, far] = [new Readiness(), new Readiness()];
    const there = new Pipe(far, near);
    const back = new Pipe(near, far);
    return {
      near: new MemoryStream(local, remote, {
        readiness: near,
        incoming: back,
        outgoing: there,
      }),
      far: new MemoryStream(remote, local, {
        readiness: far,
        incoming: there,
        outgoing: back,
      }),
    };
  }

  get lost(): ConnectionLost | undefined {
    return this.#outgoing.lost;
  }

  pollRead(observer: ReadinessObserver): void {
    this.#readiness.pollRead(observer, this.#incoming.canRead);
  }

  pollWrite(observer: ReadinessObserver): void {
    this.#readiness.pollWrite(observer, this.#outgoing.canWrite);
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
    this.#readiness.clear();
    // With unread bytes a kernel resets the connection, behind what was sent.
    if (this.#incoming.isEmpty) this.#outgoing.end();
    else {
      const why = "the peer has closed it, and not read everything";
      this.#outgoing.breakOff(why);
    }
    this.#incoming.break("the peer has closed it");
  }

  abort(): void {
    this.#readiness.clear();
    this.#outgoing.break("the peer has reset it");
    this.#incoming.break("the peer has reset it");
  }
}
