/**
 * What carries the encrypted bytes of a TLS connection.
 *
 * @module
 */

import type { Duplex, DuplexOptions } from "node:stream";
import { ConnectionLost } from "../../errors.ts";
import type { ReadinessObserver, Stream } from "../../backend.ts";
import { hostTime } from "../host_time.ts";

/** Makes a duplex stream of Node's. */
export type MakeDuplex = (options: DuplexOptions) => Duplex;

/** The most that is taken from below at once. */
const RECEIVE_SIZE = 64 * 1024;

/**
 * So much is taken though nobody asks. What TLS has to say for itself must not be
 * left unread, or closing the connection would break it. But there is an end to
 * it: Deno's form of Node's TLS goes on taking, however long it waits to be read.
 */
const CREDIT = 64 * 1024;

/** How long a peer is waited for that has been told goodbye, in seconds. */
const LINGER_SECONDS = 2;

/** A piece on its way down, and who is told when it has gone. */
interface Outgoing {
  rest: Uint8Array;
  readonly done: (error?: Error | null) => void;
}

/** A stream of this library's, in the form that Node's TLS wants one. */
export class DuplexAdapter implements ReadinessObserver {
  /** What Node's TLS reads from and writes to. */
  readonly duplex: Duplex;
  /** Whether the peer has closed the connection below, and all is read before that. */
  ended = false;
  readonly #below: Stream;
  /** Whether the end has been handed on, so that there is nothing to ask for. */
  #isOver = false;
  #isAsking = false;
  /** How many bytes more may be taken before somebody asks for what they were. */
  #credit = CREDIT;
  /** Whether Node's TLS would have more, and was let wait. */
  #wantsMore = false;
  /** Whether Node has had its turn to begin, without which it takes nothing. */
  #hasBegun = false;
  #outgoing: Outgoing | undefined;
  #whenClosed: (() => void) | undefined;
  /** Settles when the connection is closed that was told to, if that takes a while. */
  #closed: Promise<void> | undefined;
  #isClosed = false;

  /**
   * @param below the connection
   * @param makeDuplex makes the form of it
   */
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
        // What is on its way may be the alert that says what was wrong.
        if (this.#outgoing === undefined) this.#closeBelow();
        done(error);
      },
    });
    // Whoever uses it is told as well; without anybody here Node would end the
    // program.
    this.duplex.on("error", () => {});
    // Before Node's own listener, which tells of it at once.
    this.duplex.on("end", () => this.ended = true);
  }

  /** Somebody asks for what arrives: as much may be taken as at first. */
  goOn(): void {
    this.#credit = CREDIT;
    if (this.#wantsMore) this.#ask();
  }

  /**
   * Says that nothing more comes, and closes the connection when the peer has done
   * so too: to close it with something of the peer's unread would break it, and
   * take away what was sent last. A peer that does not end is not waited for long.
   *
   * @returns settles when it is closed
   */
  closeWithPeer(): Promise<void> {
    this.#credit = Infinity;
    if (this.#wantsMore) this.#ask();
    this.duplex.on("end", () => this.#closeLater());
    if (this.ended) this.#closeLater();
    if (this.#isClosed) return Promise.resolve();
    return this.#linger();
  }

  /**
   * Closes the connection behind what is on its way, for which it waits as long as
   * for a peer's goodbye.
   *
   * @returns settles when it is closed, if that takes a while
   */
  close(): void | Promise<void> {
    this.duplex.destroy();
    if (this.#outgoing !== undefined) return this.#linger();
    // Whoever has destroyed it before may have left that to this.
    this.#closeBelow();
  }

  /** Closes the connection so that the peer sees it break. */
  abort(): void {
    this.#outgoing = undefined;
    this.#isClosed = true;
    this.#below.abort();
    this.#whenClosed?.();
    this.duplex.destroy();
  }

  readable(): void {
    // Whoever is asked may say so at once, inside of Node's call.
    queueMicrotask(() => this.#receive());
  }

  #receive(): void {
    this.#isAsking = false;
    if (this.duplex.destroyed) return;
    const received = this.#below.receive(RECEIVE_SIZE);
    if (received === undefined) return this.#ask();
    if (received instanceof ConnectionLost) {
      this.duplex.destroy(received);
    } else if (received.length === 0) {
      this.#isOver = true;
      this.duplex.push(null);
    } else {
      this.#credit -= received.length;
      this.duplex.push(received);
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
      const cancelAlarm = hostTime.setAlarm(
        LINGER_SECONDS,
        () => this.#giveUp(),
      );
      this.#whenClosed = () => {
        cancelAlarm();
        resolve();
      };
    });
  }

  /** Whatever is on its way: the peer does not take it. */
  #giveUp(): void {
    this.#outgoing = undefined;
    this.close();
  }

  /** Not at once: the goodbye may be on its way to here only. */
  #closeLater(): void {
    hostTime.nextTurn(() => void this.close());
  }

  #closeBelow(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#below.close();
    this.#whenClosed?.();
  }

  #ask(): void {
    if (this.#isAsking || this.#isOver) return;
    this.#wantsMore = this.#credit <= 0;
    if (this.#wantsMore) return;
    this.#isAsking = true;
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
    // Only then are the bytes nobody's but Node's again.
    this.#below.pollWrite(this);
  }
}
