import { checkSeconds } from "../checks.ts";
import type { DelayedCall, ReactorTime } from "../interfaces.ts";
import { cancelPending } from "../loop/delayed_call.ts";

/**
 * What {@linkcode TimeoutMixin} needs: a connection to close.
 * @category Protocols
 */
export interface Closeable {
  /** The connection. */
  readonly transport: {
    loseConnection(): void;
    /** Without it, a peer that receives nothing can keep it open for ever. */
    abortConnection?: (() => void) | undefined;
  };
}

/**
 * What the {@linkcode TimeoutMixin} function adds to a class.
 * @category Protocols
 */
export interface TimeoutMixin {
  /** In seconds; kept when it is over. */
  timeOut: number | undefined;
  /**
   * Starts the timeout; `undefined` removes it. Returns the one before.
   * @throws {RangeError} if `seconds` is less than 0 or `NaN`
   */
  setTimeout(seconds: number | undefined): number | undefined;
  /** Restarts the timeout, if any. */
  resetTimeout(): void;
  /**
   * The time is over. By default closes the connection, and, unless `setTimeout` is
   * called, aborts it after the same time.
   */
  timeoutConnection(): void;
  /** Calls `fn` after so many seconds. A test can replace it with a `Clock`'s. */
  callLater(seconds: number, fn: () => void): DelayedCall;
}

/**
 * Makes a subclass with a timeout: Twisted's `policies.TimeoutMixin`. Set it in
 * `connectionMade`, reset it in `dataReceived`, remove it in `connectionLost`
 * (`setTimeout(undefined)`).
 * @example
 * ```ts
 * import { Clock, Protocol, TimeoutMixin } from "@deferno/deferno";
 *
 * const clock = new Clock();
 * let isLate = false;
 *
 * class Impatient extends TimeoutMixin(Protocol, clock) {
 *   override connectionMade(): void {
 *     this.setTimeout(60);
 *   }
 *   override timeoutConnection(): void {
 *     isLate = true;
 *   }
 * }
 * new Impatient().connectionMade();
 * clock.advance(60);
 * console.assert(isLate);
 * ```
 * @category Protocols
 */
export function TimeoutMixin<A extends unknown[], P extends Closeable, Statics>(
  Base: (new (...args: A) => P) & Statics,
  clock: ReactorTime,
): (new (...args: A) => P & TimeoutMixin) & Omit<Statics, "prototype"> {
  // TypeScript extends only classes of known members.
  const Known: new (...args: A) => Closeable = Base;

  class WithTimeout extends Known implements TimeoutMixin {
    timeOut: number | undefined = undefined;
    #call: DelayedCall | undefined;
    #abortCall: DelayedCall | undefined;

    setTimeout(seconds: number | undefined): number | undefined {
      if (seconds !== undefined) checkSeconds("timeout", seconds);
      const before = this.timeOut;
      this.timeOut = seconds;
      cancelPending(this.#call);
      cancelPending(this.#abortCall);
      if (seconds === undefined) return before;
      // It may return a promise: the clock handles its rejection.
      this.#call = this.callLater(seconds, () => this.timeoutConnection());
      return before;
    }

    resetTimeout(): void {
      const { timeOut } = this;
      const call = this.#call;
      if (timeOut !== undefined && call?.active()) call.reset(timeOut);
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
  }

  return WithTimeout as unknown as ReturnType<
    typeof TimeoutMixin<A, P, Statics>
  >;
}
