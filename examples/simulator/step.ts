/**
 * What a simulated deferred did, in the form that the drawings are made from.
 *
 * @module
 */

/** One of the two lines of a chain. */
export type Side = "callback" | "errback";

/** What goes from one stage of a chain to the next. */
export interface Value {
  /** The result, or the message of the failure. */
  text: string;
  /** Whether it is a failure, which goes down the line of errbacks. */
  failed: boolean;
}

/** One stage of a chain, run. */
export interface Step {
  /** Which of the two functions ran. */
  side: Side;
  /** What it was given. */
  argument: Value;
  /** What it returned or threw. */
  result: Value;
}

/** What happened when a deferred was fired. */
export interface Run {
  /** How it was fired. */
  side: Side;
  /** What it was fired with. */
  initial: Value;
  /** What its stages did, in order. */
  steps: Step[];
}

/** The line that a value goes down. */
export function sideOf({ failed }: Value): Side {
  return failed ? "errback" : "callback";
}

/** A value as drawings show it: failures have a star. */
export function show({ text, failed }: Value): string {
  return failed ? `${text}*` : text;
}

/** The call that began a run: `d.errback(initial*)`. */
export function showFiring({ side, initial }: Run): string {
  return `d.${side}(${show(initial)})`;
}

/** What a run ended with. */
export function outcome({ initial, steps }: Run): Value {
  return steps.at(-1)?.result ?? initial;
}
