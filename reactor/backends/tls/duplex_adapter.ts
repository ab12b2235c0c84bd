import type { Duplex, DuplexOptions } from "node:stream";
import type { ReadinessObserver, Stream } from "../../backend.ts";
import { ConnectionLost } from "../../errors.ts";
import { hostTime } from "../host_time.ts";

export type MakeDuplex = (options: DuplexOptions) => Duplex;

const RECEIVE_BYTES = 64 * 1024;

/**
 * Received without a poll: with TLS's own records unread, closing would reset the
 * connection. The limit is backpressure, of which Deno's `node:tls` has none.
 */
const READ_CREDIT_BYTES = 64 * 1024;

/** For the peer, after close_notify. */
const LINGER_SECONDS = 2;

interface Outgoing {
  rest: Uint8Array;
  readonly done: (error?: Error | null) => void;
}

/** Carries encrypted bytes. */
export class DuplexAdapter implements ReadinessObserver {
  readonly duplex: Duplex;
  /** All up to EOF below was read. */
  ended = false;
  readonly #below: Stream;
  #isOver = false;
  #isPolling = false;
  /** Bytes before the next poll. */
  #credit = READ_CREDIT_BYTES;
  /** Node asked for more without credit. */
  #wantsMore = false;
  /** Node takes nothing before it had a turn to begin. */
  #hasBegun = false;
  #outgoing: Outgoing | undefined;
  #onClosed: (() => void) | undefined;
  #closed: Promise<void> | undefined;
  #isClosed = false;

  constructor(below: Stream, makeDuplex: MakeDuplex) {
    this.#below = below;
    this.duplex = makeDuplex({
      allowHalfOpen: true,
      read: () => this.#ask(),
      write: (bytes, _, done) => this.#send({ rest: bytes, done }),
      final: (done) => {
        this.#below.endWrite?.();
        done();
      },
      destroy: (error, done) => {
        // It may be the alert with the reason.
        if (this.#outgoing === undefined) this.#closeBelow();
        done(error);
      },
    });
    // Without a listener Node would end the program.
    this.duplex.on("error", () => {});
    // Ahead of Node's, which passes it on at once.
    this.duplex.on("end", () => this.ended = true);
  }

  resume(): void {
    this.#credit = READ_CREDIT_BYTES;
    if (this.#wantsMore) this.#ask();
  }

  /**
   * When the peer has closed, or after a while: with unread bytes that would reset the
   * connection, and lose what was sent last.
   */
  closeWithPeer(): Promise<void> {
    this.#credit = Infinity;
    if (this.#wantsMore) this.#ask();
    this.duplex.on("end", () => this.#closeLater());
    if (this.ended) this.#closeLater();
    if (this.#isClosed) return Promise.resolve();
    return this.#linger();
  }

  /** Behind what is under way, which has as long as in `closeWithPeer`. */
  close(): void | Promise<void> {
    this.duplex.destroy();
    if (this.#outgoing !== undefined) return this.#linger();
    // The duplex, if destroyed before, has not closed it.
    this.#closeBelow();
  }

  abort(): void {
    this.#outgoing = undefined;
    this.#isClosed = true;
    this.#below.abort();
    this.#onClosed?.();
    this.duplex.destroy();
  }

  readable(): void {
    // Not in Node's call to `read`, in which a poll may be answered.
    queueMicrotask(() => this.#receive());
  }

  #receive(): void {
    this.#isPolling = false;
    if (this.duplex.destroyed) return;
    const received = this.#below.receive(RECEIVE_BYTES);
    if (received === undefined) return this.#ask();
    if (received instanceof ConnectionLost) {
      this.duplex.destroy(received);
    } else if (received.length === 0) {
      this.#isOver = true;
      this.duplex.push(null);
    } else {
      this.#credit -= received.length;
      this.duplex.push(received);
      // TLS copies what it takes, mostly all.
      if (this.duplex.readableLength === 0) this.#below.release?.();
    }
  }

  writable(): void {
    const outgoing = this.#outgoing;
    if (outgoing === undefined) return;
    if (outgoing.rest.length > 0) return this.#send(outgoing);
    this.#sent(outgoing);
  }

  #sent({ done }: Outgoing, error?: Error): void {
    this.#outgoing = undefined;
    if (this.duplex.destroyed) this.#closeBelow();
    done(error);
  }

  #linger(): Promise<void> {
    return this.#closed ??= new Promise((resolve) => {
      const giveUp = () => this.#giveUp();
      const cancelAlarm = hostTime.setAlarm(LINGER_SECONDS, giveUp);
      this.#onClosed = () => {
        cancelAlarm();
        resolve();
      };
    });
  }

  #giveUp(): void {
    this.#outgoing = undefined;
    this.close();
  }

  /** This side's close_notify may not have come here yet. */
  #closeLater(): void {
    hostTime.nextTurn(() => void this.close());
  }

  #closeBelow(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#below.close();
    this.#onClosed?.();
  }

  #ask(): void {
    if (this.#isPolling || this.#isOver) return;
    this.#wantsMore = this.#credit <= 0;
    if (this.#wantsMore) return;
    this.#isPolling = true;
    if (this.#hasBegun) this.#below.pollRead(this);
    else hostTime.nextTurn(() => this.#begin());
  }

  #begin(): void {
    this.#hasBegun = true;
    if (!this.duplex.destroyed) this.#below.pollRead(this);
  }

  #send(outgoing: Outgoing): void {
    const sent = this.#below.send(outgoing.rest);
    if (sent instanceof ConnectionLost) return this.#sent(outgoing, sent);
    outgoing.rest = outgoing.rest.subarray(sent);
    this.#outgoing = outgoing;
    // The bytes are in use until then.
    this.#below.pollWrite(this);
  }
}
