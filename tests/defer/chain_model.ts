// The rules of a deferred, written down as plainly as they can be: arrays for
// the chain, recursion for whatever is inside of something else, and no thought
// of speed. It shares nothing with the library.

/** What goes down a chain. An error is known by its text. */
export type Result =
  | { kind: "value"; value: unknown }
  | { kind: "error"; text: string };

/** What a callback gives: a result, or something that brings one later. */
export type Given = Result | { kind: "wait"; on: Chain };

/** A callback or an errback. What it throws is the text of an error. */
export type Side = (result: Result) => Given;

/** What is thrown inside of the model. */
export class ModelError extends Error {
  /** The error, as it goes down a chain. */
  readonly text: string;

  /** An error known by its text. */
  constructor(text: string) {
    super(text);
    this.text = text;
  }
}

interface Stage {
  callback?: Side;
  errback?: Side;
  /** Instead of both: who is given the result. */
  handOver?: { to: Chain; awaited: boolean };
}

const NOTHING: Result = { kind: "value", value: undefined };

function errorResult(text: string): Result {
  return { kind: "error", text };
}

/** Calls something that may throw, and gives what it gave or the error. */
function attempt<T>(fn: () => T): T | Result {
  try {
    return fn();
  } catch (error) {
    if (error instanceof ModelError) return errorResult(error.text);
    throw error;
  }
}

/** A deferred, by the rules. */
export class Chain {
  called = false;
  #result: Result | undefined;
  #stages: Stage[] = [];
  #pauses = 0;
  #running = false;
  #cancelling = false;
  #waitsFor: Chain | undefined;
  #ignoresOne = false;
  #canceller: ((chain: Chain) => void) | undefined;
  #log: (text: string) => void;

  /** A deferred, which writes to a log what goes wrong beside its chain. */
  constructor(
    log: (text: string) => void,
    canceller?: (chain: Chain) => void,
  ) {
    this.#log = log;
    this.#canceller = canceller;
  }

  /** The error that nobody has handled, if there is one at the end. */
  get unhandled(): string | undefined {
    if (this.#waitsFor || this.#stages.length > 0) return undefined;
    return this.#result?.kind === "error" ? this.#result.text : undefined;
  }

  /** `addCallbacks`. */
  add(callback?: Side, errback?: Side): void {
    this.#stages.push({ callback, errback });
    this.#run();
  }

  /** `chainDeferred`. */
  chain(to: Chain): void {
    this.#stages.push({ handOver: { to, awaited: false } });
    this.#run();
  }

  /** `callback` and `errback`. */
  fire(result: Result): void {
    if (!this.called) {
      this.#take(result);
      this.#run();
    } else if (this.#ignoresOne) {
      this.#ignoresOne = false;
    } else {
      throw new ModelError("AlreadyCalledError");
    }
  }

  /** `pause`. */
  pause(): void {
    this.#pauses++;
  }

  /** `unpause`. */
  unpause(): void {
    if (this.#pauses === 0) throw new ModelError("Error");
    this.#pauses--;
    this.#run();
  }

  /** `cancel`. */
  cancel(): void {
    if (this.#waitsFor) return this.#waitsFor.cancel();
    if (this.called || this.#cancelling) return;
    const canceller = this.#canceller;
    if (!canceller) {
      this.#ignoresOne = true;
      return this.fire(errorResult("CancelledError"));
    }
    this.#cancelling = true;
    const thrown = attempt(() => canceller(this));
    this.#cancelling = false;
    if (!this.called) this.fire(thrown ?? errorResult("CancelledError"));
    else if (thrown?.kind === "error") this.#log(thrown.text);
  }

  #take(result: Result): void {
    this.called = true;
    this.#result = result;
    this.#waitsFor = undefined;
  }

  #run(): void {
    const stuck = this.#running || this.#waitsFor !== undefined;
    if (stuck || !this.called) return;
    while (this.#pauses === 0 && !this.#waitsFor) {
      this.#running = true;
      const stage = this.#stages.shift();
      if (!stage) break;
      this.#step(stage, this.#result ?? NOTHING);
    }
    this.#running = false;
  }

  #step({ callback, errback, handOver }: Stage, result: Result): void {
    if (handOver) {
      this.#result = NOTHING;
      // Whoever waited goes on, and this one may be run in the middle of that.
      if (handOver.awaited) this.#running = false;
      const wrong = attempt(() =>
        handOver.to.#receive(result, handOver.awaited)
      );
      if (wrong) this.#result = wrong;
      return;
    }
    const side = result.kind === "error" ? errback : callback;
    if (!side) return;
    const given = attempt(() => side(result));
    if (given.kind !== "wait") this.#result = given;
    else this.#waitFor(given.on);
  }

  #receive(result: Result, awaited: boolean): void {
    if (!awaited) return this.fire(result);
    this.#take(result);
    this.#run();
  }

  #waitFor(inner: Chain): void {
    for (let c: Chain | undefined = inner; c; c = c.#waitsFor) {
      if (c === this) {
        this.#result = errorResult("TypeError");
        return;
      }
    }
    const ready = inner.called && !inner.#running && !inner.#waitsFor &&
      inner.#pauses === 0;
    if (ready) {
      this.#result = inner.#result;
      inner.#result = NOTHING;
    } else {
      this.#waitsFor = inner;
      this.#result = undefined;
      inner.#stages.push({ handOver: { to: this, awaited: true } });
    }
  }
}
