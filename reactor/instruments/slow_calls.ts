/**
 * What blocks the loop.
 * @module
 */

import { Failure } from "../../defer/mod.ts";
import type {
  Instrument,
  InstrumentedReactor,
  LoopCall,
} from "../instrument.ts";
import type { DelayedCall } from "../interfaces.ts";

/**
 * What {@linkcode SlowCalls} reports: something blocked the loop.
 * @category Instruments
 */
export class SlowCall extends Error {
  /** `"SlowCall"`. */
  override name = "SlowCall";
  /** What was called. */
  readonly call: LoopCall;
  /** How long it took, in seconds. */
  readonly seconds: number;

  /** Makes the report of a call. */
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
 * How slow is slow.
 * @category Instruments
 */
export interface SlowCallsOptions {
  /**
   * What takes longer is reported.
   * @default {0.1}
   */
  seconds?: number | undefined;
}

/**
 * An instrument that logs which calls have blocked the loop, and for how long. The report
 * of a delayed call has the stack of its `callLater`. `setDebugging(true)` adds one to
 * every reactor that runs, as the debug mode of Python's asyncio does.
 * @example
 * ```ts
 * import { createLog, createMemoryBackend, Reactor, SlowCalls } from "@deferno/deferno";
 *
 * const log = createLog();
 * const reactor = new Reactor({ backend: createMemoryBackend(), log });
 * log.addObserver(({ failure }) =>
 *   console.assert(failure?.getErrorMessage().startsWith("delayed call of work took"))
 * );
 * reactor.addInstrument(new SlowCalls({ seconds: 0.01 }));
 * reactor.callLater(0, function work() {
 *   const end = performance.now() + 20;
 *   while (performance.now() < end);
 *   reactor.stop();
 * });
 * await reactor.run();
 * ```
 * @category Instruments
 */
export class SlowCalls implements Instrument {
  #limit: number;
  #reactor: InstrumentedReactor | undefined;
  /** Of the calls under way, the innermost last: a callback may turn another loop. */
  #begun: number[] = [];
  #made = new WeakMap<object, Error>();

  /**
   * Makes the instrument, which is added with `addInstrument`.
   * @throws {RangeError} if `seconds` is not a number of 0 or more
   */
  constructor({ seconds = 0.1 }: SlowCallsOptions = {}) {
    if (!(seconds >= 0)) {
      throw new RangeError(
        `SlowCalls: seconds must be 0 or more, got ${seconds}`,
      );
    }
    this.#limit = seconds;
  }

  /** Takes the time and the log of a reactor. */
  addedTo(reactor: InstrumentedReactor): void {
    this.#reactor = reactor;
  }

  /** Notes where a call was asked for. */
  delayedCallAdded(call: DelayedCall): void {
    this.#made.set(call, new Error());
  }

  /** Notes when a call begins. */
  callBegan(): void {
    this.#begun.push(this.#reactor?.seconds() ?? 0);
  }

  /** Reports a call that took too long. */
  callEnded(call: LoopCall): void {
    const now = this.#reactor?.seconds() ?? 0;
    const took = now - (this.#begun.pop() ?? now);
    if (took <= this.#limit) return;
    const error = new SlowCall(call, took);
    error.stack = this.#stackOf(call, error);
    // As if it was raised, so that its frames are printed, if it has any.
    const raised = this.#made.has(call.subject);
    this.#reactor?.log.err(
      new Failure(error, { raised }),
      "The loop was blocked:",
    );
  }

  /** The stack of its `callLater`, below the instruments and the loop. */
  #stackOf(call: LoopCall, error: SlowCall): string {
    const frames = this.#made.get(call.subject)?.stack?.split("\n").slice(1) ??
      [];
    const from = frames.findIndex((line) => /Reactor\.callLater/.test(line));
    return [`${error}`, ...frames.slice(from + 1)].join("\n");
  }
}
