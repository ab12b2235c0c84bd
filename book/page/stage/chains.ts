/**
 * The deferreds of a program: their chains, and what went down them.
 *
 * @module
 */

import type { Names } from "../../../examples/simulator/chain_layout.ts";
import {
  type Run,
  type Side,
  sideOf,
  type Value,
} from "../../../examples/simulator/step.ts";
import type { Event, NamePair } from "../../worker/messages.ts";

/** A deferred, as the stage draws it. */
export interface Chain {
  readonly number: number;
  /** In seconds: of the last thing that happened to it. */
  readonly time: number;
  readonly state: "not fired" | "running" | "waiting" | "ended";
  /** The number of the deferred it waits for. */
  readonly awaited: number | undefined;
  readonly stages: Names[];
  /** What happened since it was fired. */
  readonly run: Run | undefined;
  /** Whether the stage after those that ran is being called. */
  readonly isInStage: boolean;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
type Outcome = { readonly result: string; readonly failed: boolean };

/** Who has no function lets results pass. */
export const MISSING = "passthru";

/** More are not kept; the newest are. */
const MOST_CHAINS = 200;

/** Follows all deferreds. */
export class Chains {
  #chains = new Map<number, Writable<Chain>>();
  #sides = new Map<number, Side>();

  /** The newest, in the order in which they were heard of. */
  get all(): Chain[] {
    return [...this.#chains.values()];
  }

  /** Takes what has happened, whatever it is. */
  add(event: Event): void {
    if (!("deferred" in event)) return;
    const chain = this.#chainOf(event.deferred);
    chain.time = event.time;
    switch (event.what) {
      case "chain":
        chain.stages = event.pairs.map(namesOf);
        break;
      case "fired": {
        const initial = valueOf(event);
        const side = event.failed ? "errback" : "callback";
        chain.run = { side, initial, steps: [] };
        chain.state = "running";
        break;
      }
      case "stage":
        this.#begin(chain, event);
        break;
      case "stage over":
        this.#finish(chain, event);
        break;
      case "waits":
        chain.state = "waiting";
        chain.isInStage = false;
        chain.awaited = event.awaited;
        break;
      case "ended":
        settleLast(chain, valueOf(event));
        chain.isInStage = false;
        if (chain.run) chain.state = "ended";
    }
  }

  #chainOf(number: number): Writable<Chain> {
    let chain = this.#chains.get(number);
    if (chain === undefined) {
      chain = {
        number,
        time: 0,
        state: "not fired",
        awaited: undefined,
        stages: [],
        run: undefined,
        isInStage: false,
      };
      this.#chains.set(number, chain);
      const [oldest] = this.#chains.keys();
      if (this.#chains.size > MOST_CHAINS && oldest !== undefined) {
        this.#chains.delete(oldest);
      }
    }
    return chain;
  }

  #begin(
    chain: Writable<Chain>,
    { side, name, argument, failed }: Event & { what: "stage" },
  ): void {
    settleLast(chain, { text: argument, failed });
    chain.state = "running";
    const { run } = chain;
    if (run === undefined) return;
    this.#sides.set(chain.number, side);
    chain.isInStage = true;
    // A pair that was added to a deferred that had fired is not known before.
    if (run.steps.length >= chain.stages.length) {
      const names = { callback: MISSING, errback: MISSING };
      chain.stages = [...chain.stages, { ...names, [side]: name || MISSING }];
    }
  }

  #finish(chain: Writable<Chain>, outcome: Outcome): void {
    const { number, run } = chain;
    chain.isInStage = false;
    const side = this.#sides.get(number);
    if (run === undefined || side === undefined) return;
    const argument = run.steps.at(-1)?.result ?? run.initial;
    run.steps.push({ side, argument, result: valueOf(outcome) });
  }
}

/** A stage that has returned a deferred goes on with what came of that. */
function settleLast(chain: Writable<Chain>, value: Value): void {
  const last = chain.run?.steps.at(-1);
  if (last) last.result = value;
  chain.awaited = undefined;
}

/** A chain as it was when some of its stages had run. */
export function after({ run }: Chain, count: number): Run | undefined {
  return run && { ...run, steps: run.steps.slice(0, count) };
}

/** A chain in words: what it is doing. */
export function describeChain(chain: Chain): string {
  const name = `Deferred ${chain.number}`;
  if (chain.run === undefined) {
    const count = chain.stages.length;
    return `${name} has not fired: ${count} ${
      count === 1 ? "stage waits" : "stages wait"
    }`;
  }
  const { side, initial, steps } = chain.run;
  const value = steps.at(-1)?.result ?? initial;
  if (chain.isInStage) {
    const stage = chain.stages[steps.length]?.[sideOf(value)] ?? MISSING;
    return `${name} was fired by ${side}() and is in ${stage}`;
  }
  const { text, failed } = value;
  const end = chain.awaited === undefined
    ? `${chain.state === "ended" ? "ended with" : "is at"} ${
      failed ? "the failure" : "the result"
    } ${text}`
    : `waits for deferred ${chain.awaited}`;
  return `${name} was fired by ${side}() and ${end}`;
}

function namesOf([callback, errback]: NamePair): Names {
  return { callback: callback || MISSING, errback: errback || MISSING };
}

function valueOf({ result, failed }: Outcome): Value {
  return { text: result, failed };
}
