import { Failure } from "../../defer/mod.ts";
import type {
  Instrument,
  InstrumentedReactor,
  LoopCall,
} from "../instrument.ts";
import type { DelayedCall } from "../interfaces.ts";

/**
 * Something blocked the loop: what {@linkcode SlowCalls} reports.
 * @category Instruments
 */
export class SlowCall extends Error {
  /** `"SlowCall"`. */
  override name = "SlowCall";
  /** What was called. */
  readonly call: LoopCall;
  /** In seconds. */
  readonly seconds: number;

  /** Reports a call. */
  constructor(call: LoopCall, seconds: number) {
    const name = call.name === "" ? "an anonymous function" : call.name;
    super(
      `${call.kind} of ${name} took ${
        seconds.toFixed(3)
      } seconds, in which nothing else could run`,
    );
    this.call = call;
    this.seconds = seconds;
  }
}

/**
 * Options of {@linkcode SlowCalls}.
 * @category Instruments
 */
export interface SlowCallsOptions {
  /**
   * Longer calls are reported.
   * @default {0.1}
   */
  seconds?: number | undefined;
}

/**
 * Logs calls that blocked the loop, and for how long; of a delayed call with the stack of
 * its `callLater`. `setDebugging(true)` adds one to every running reactor, as asyncio's
 * debug mode does.
 * @category Instruments
 */
export class SlowCalls implements Instrument {
  #limit: number;
  #reactor: InstrumentedReactor | undefined;
  /** The innermost last: a callback may turn another loop. */
  #begun: number[] = [];
  #made = new WeakMap<object, Error>();

  /**
   * Makes one.
   * @throws {RangeError} if `seconds` is less than 0 or `NaN`
   */
  constructor({ seconds = 0.1 }: SlowCallsOptions = {}) {
    if (!(seconds >= 0)) {
      throw new RangeError(
        `SlowCalls: seconds must be 0 or more, got ${seconds}`,
      );
    }
    this.#limit = seconds;
  }

  addedTo(reactor: InstrumentedReactor): void {
    this.#reactor = reactor;
  }

  delayedCallAdded(call: DelayedCall): void {
    this.#made.set(call, new Error());
  }

  callBegan(): void {
    this.#begun.push(this.#reactor?.seconds() ?? 0);
  }

  callEnded(call: LoopCall): void {
    const now = this.#reactor?.seconds() ?? 0;
    const took = now - (this.#begun.pop() ?? now);
    if (took <= this.#limit) return;
    const error = new SlowCall(call, took);
    error.stack = this.#stackOf(call, error);
    // As if raised, so that its frames, if any, are printed.
    const raised = this.#made.has(call.subject);
    this.#reactor?.log.err(
      new Failure(error, { raised }),
      "The loop was blocked:",
    );
  }

  /** Of its `callLater`, below the instruments and the loop. */
  #stackOf(call: LoopCall, error: SlowCall): string {
    const frames = this.#made.get(call.subject)?.stack?.split("\n").slice(1) ??
      [];
    const from = frames.findIndex((line) => /Reactor\.callLater/.test(line));
    return [`${error}`, ...frames.slice(from + 1)].join("\n");
  }
}
