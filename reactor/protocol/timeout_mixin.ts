/**
 * A timeout for a protocol whose peer has fallen silent.
 *
 * @module
 */

import type { DelayedCall } from "../interfaces.ts";
import { cancelPending } from "../loop/delayed_call.ts";
import type { ReactorTime } from "../interfaces.ts";

/** What {@linkcode TimeoutMixin} needs of a class: a connection to close. */
export interface Closeable {
  /** The connection. */
  readonly transport: {
    loseConnection(): void;
    /** Where it is there, a peer cannot hold the connection open for ever. */
    abortConnection?: (() => void) | undefined;
  };
}

/** What a class has from the {@linkcode TimeoutMixin} function. */
export interface TimeoutMixin {
  /** How long the timeout is, in seconds; it stays when the time is up. */
  timeOut: number | undefined;
  /**
   * Sets the timeout, which begins now; or takes it away.
   *
   * @param seconds from now, 0 or more; `undefined` for no timeout
   * @returns how long it was before
   * @throws {RangeError} if `seconds` is less than 0 or no number
   */
  setTimeout(seconds: number | undefined): number | undefined;
  /**
   * Begins the timeout anew: something was heard of the peer. Does nothing
   * where no timeout is under way.
   */
  resetTimeout(): void;
  /**
   * The time is up. Unless a subclass does otherwise this closes the connection,
   * and aborts it if it has not gone when the same time has passed again: a peer
   * that receives nothing could keep it open for ever. `setTimeout`, called with
   * anything, takes that back.
   */
  timeoutConnection(): void;
  /**
   * Calls `fn` later, on the clock that was handed in. A test can put another
   * clock's in its place.
   *
   * @param seconds from now
   * @param fn what to call
   */
  callLater(seconds: number, fn: () => void): DelayedCall;
}

/**
 * Gives a protocol class a timeout: Twisted's `policies.TimeoutMixin`. A
 * protocol sets it in `connectionMade`, resets it whenever it hears something,
 * and takes it away in `connectionLost` (`setTimeout(undefined)`).
 *
 * @param Base the protocol class
 * @param clock keeps the time: a reactor, or a `Clock`
 * @returns a subclass, to be extended
 *
 * @example
 * ```ts
 * import { Clock, Protocol, TimeoutMixin } from "@deferno/deferno";
 *
 * const clock = new Clock();
 * const lines: string[] = [];
 *
 * class Impatient extends TimeoutMixin(Protocol, clock) {
 *   override connectionMade(): void {
 *     this.setTimeout(60);
 *   }
 *   override dataReceived(): void {
 *     this.resetTimeout();
 *   }
 *   override timeoutConnection(): void {
 *     lines.push("Is anybody there?");
 *   }
 * }
 *
 * const protocol = new Impatient();
 * protocol.connectionMade();
 * clock.advance(59);
 * protocol.dataReceived();
 * clock.advance(59);
 * console.assert(lines.length === 0);
 * clock.advance(1);
 * console.assert(lines.length === 1);
 * ```
 */
export function TimeoutMixin<A extends unknown[], P extends Closeable, Statics>(
  Base: (new (...args: A) => P) & Statics,
  clock: ReactorTime,
): (new (...args: A) => P & TimeoutMixin) & Omit<Statics, "prototype"> {
  // A class can only extend one whose members are known: of `P` that is what
  // every `Closeable` has. The rest of it is there all the same.
  const Known: new (...args: A) => Closeable = Base;

  class WithTimeout extends Known implements TimeoutMixin {
    timeOut: number | undefined = undefined;
    #timeoutCall: DelayedCall | undefined;
    /** Aborts a connection that was closed and has not gone. */
    #abortCall: DelayedCall | undefined;

    setTimeout(seconds: number | undefined): number | undefined {
      if (seconds !== undefined && !(seconds >= 0)) {
        throw new RangeError(
          `A timeout must be 0 or more seconds: it is ${seconds}`,
        );
      }
      const before = this.timeOut;
      this.timeOut = seconds;
      cancelPending(this.#timeoutCall);
      cancelPending(this.#abortCall);
      this.#timeoutCall = this.#abortCall = undefined;
      if (seconds !== undefined) {
        this.#timeoutCall = this.callLater(seconds, () => this.#timedOut());
      }
      return before;
    }

    resetTimeout(): void {
      const call = this.#timeoutCall;
      if (this.timeOut !== undefined && call?.active()) {
        call.reset(this.timeOut);
      }
    }

    timeoutConnection(): void {
      const { transport, timeOut } = this;
      transport.loseConnection();
      if (timeOut === undefined || !transport.abortConnection) return;
      this.#abortCall = this.callLater(
        timeOut,
        () => transport.abortConnection?.(),
      );
    }

    callLater(seconds: number, fn: () => void): DelayedCall {
      return clock.callLater(seconds, fn);
    }

    #timedOut(): void {
      this.#timeoutCall = undefined;
      // Handed on: if it is a promise, the clock must hear of its rejection.
      return this.timeoutConnection();
    }
  }

  return WithTimeout as unknown as ReturnType<
    typeof TimeoutMixin<A, P, Statics>
  >;
}
