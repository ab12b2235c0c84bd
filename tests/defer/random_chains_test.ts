/**
 * Random programs, run on deferreds and on a model of them that knows nothing
 * but the rules. A program makes some deferreds, and then adds to their chains,
 * fires, pauses, cancels and chains them; and its callbacks and cancellers do
 * the same, in the middle of whatever is going on.
 *
 * Each run has other programs. A failure tells the seed of its program:
 *
 *     deno test tests/defer/random_chains_test.ts -- SEED
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { Deferred, Failure, log, reportUnhandledErrors } from "../../mod.ts";
import { Chain, type Given, ModelError, type Result } from "./chain_model.ts";
import { Random } from "../support/random.ts";

const PROGRAMS = 10_000;

/** What can be done to a deferred; they are known by their numbers. */
type Action =
  | { do: "add"; on: number; callback?: Behaviour; errback?: Behaviour }
  | { do: "fire"; on: number; result: Result }
  | { do: "pause" | "unpause" | "cancel"; on: number }
  | { do: "chain"; on: number; to: number };

/** What a callback or a canceller does when it is called. */
interface Behaviour {
  /** What it writes down, so that one can see that it was called. */
  name: string;
  /** What it does first. If that throws an error, it throws that. */
  first: Action[];
  last:
    | { do: "pass" }
    | { do: "return"; result: Result }
    | { do: "throw"; text: string }
    | { do: "wait"; on: number };
}

interface Program {
  /** The canceller of each deferred, or none. */
  cancellers: (Behaviour | undefined)[];
  actions: Action[];
}

/** One way to run a program: on deferreds, or on the model. */
interface World {
  add(on: number, callback?: Side, errback?: Side): void;
  fire(on: number, result: Result): void;
  pause(on: number): void;
  unpause(on: number): void;
  cancel(on: number): void;
  chain(on: number, to: number): void;
  called(on: number): boolean;
  /** What a callback does that waits for a deferred. */
  wait(on: number): Given | Deferred<unknown>;
  throw(text: string): never;
  textOf(error: unknown): string;
  unhandled(): string[];
}

type Side = (result: Result) => Given | Deferred<unknown>;

Deno.test(`random chains: ${PROGRAMS} random programs go as the rules say`, () => {
  const chosen = Deno.args.map(Number).find(Number.isInteger);
  const first = chosen ?? crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const last = chosen === undefined ? first + PROGRAMS : first + 1;
  // What other tests have left is not this one's.
  const forget = log.addObserver(() => {});
  reportUnhandledErrors();
  forget();
  for (let seed = first; seed < last; seed++) {
    const program = new Author(seed).program();
    assertEquals(
      run(program, (tell, cancellers) => new RealWorld(tell, cancellers)),
      run(program, (tell, cancellers) => new ModelWorld(tell, cancellers)),
      `The program of seed ${seed} went another way: ${
        JSON.stringify(program)
      }`,
    );
  }
});

type Cancellers = ((() => void) | undefined)[];

function run(
  { cancellers, actions }: Program,
  make: (tell: (text: string) => void, cancellers: Cancellers) => World,
): string[] {
  const told: string[] = [];
  const tell = (text: string) => void told.push(text);

  function act(action: Action): void {
    if (action.do === "fire") world.fire(action.on, action.result);
    else if (action.do === "chain") world.chain(action.on, action.to);
    else if (action.do !== "add") world[action.do](action.on);
    else {
      world.add(action.on, sideOf(action.callback), sideOf(action.errback));
    }
  }

  function sideOf(behaviour: Behaviour | undefined): Side | undefined {
    return behaviour && ((result) => behave(behaviour, result));
  }

  function behave({ name, first, last }: Behaviour, result: Result) {
    tell(`${name} got ${show(result)}`);
    for (const action of first) act(action);
    if (last.do === "throw") world.throw(last.text);
    if (last.do === "wait") return world.wait(last.on);
    return last.do === "return" ? last.result : result;
  }

  const world = make(
    tell,
    cancellers.map((canceller) =>
      canceller && (() => void behave(canceller, { kind: "value", value: "-" }))
    ),
  );
  /** Does something, and says whether that was possible. */
  function attempt(action: Action): boolean {
    try {
      act(action);
      return true;
    } catch (error) {
      tell(`${action.do} threw ${world.textOf(error)}`);
      return false;
    }
  }

  for (const action of actions) attempt(action);
  // What is still held back is let go, which may hold something else back.
  let held = true;
  while (held) {
    held = false;
    for (const on of cancellers.keys()) {
      while (attempt({ do: "unpause", on })) held = true;
    }
  }
  for (const on of cancellers.keys()) {
    tell(`${on} ${world.called(on) ? "was" : "was not"} called`);
    const end = (result: Result) => (tell(`${on} has ${show(result)}`), result);
    world.add(on, end, end);
  }
  for (const text of world.unhandled()) tell(`nobody handled ${text}`);
  return told;
}

function show(result: Result): string {
  return result.kind === "value" ? `${result.value}` : `error ${result.text}`;
}

class ModelWorld implements World {
  #chains: Chain[];
  constructor(tell: (text: string) => void, cancellers: Cancellers) {
    this.#chains = cancellers.map((canceller) =>
      new Chain((text) => tell(`log: ${text}`), canceller)
    );
  }
  #at(n: number): Chain {
    const chain = this.#chains[n];
    if (!chain) throw new RangeError(`There is no chain ${n}`);
    return chain;
  }
  add(on: number, callback?: Side, errback?: Side): void {
    const own = (side?: Side) => side && ((r: Result) => asGiven(side(r)));
    this.#at(on).add(own(callback), own(errback));
  }
  fire(on: number, result: Result): void {
    this.#at(on).fire(result);
  }
  pause(on: number): void {
    this.#at(on).pause();
  }
  unpause(on: number): void {
    this.#at(on).unpause();
  }
  cancel(on: number): void {
    this.#at(on).cancel();
  }
  chain(on: number, to: number): void {
    this.#at(on).chain(this.#at(to));
  }
  called(on: number): boolean {
    return this.#at(on).called;
  }
  wait(on: number): Given {
    return { kind: "wait", on: this.#at(on) };
  }
  throw(text: string): never {
    throw new ModelError(text);
  }
  textOf(error: unknown): string {
    if (error instanceof ModelError) return error.text;
    throw error;
  }
  unhandled(): string[] {
    return this.#chains.flatMap((chain) => chain.unhandled ?? []).sort();
  }
}

/** In the model's world nobody returns a deferred. */
function asGiven(given: Given | Deferred<unknown>): Given {
  if (given instanceof Deferred) throw new TypeError("A deferred in the model");
  return given;
}

class RealWorld implements World {
  #deferreds: Deferred<unknown>[];
  #forget: () => void;
  #left: string[] = [];
  constructor(tell: (text: string) => void, cancellers: Cancellers) {
    this.#deferreds = cancellers.map((canceller) => new Deferred(canceller));
    this.#forget = log.addObserver(({ text, failure }) => {
      const error = failure ? this.textOf(failure.value) : "nothing";
      if (text === "Unhandled error in Deferred:") this.#left.push(error);
      else tell(`log: ${error}`);
    });
  }
  #at(n: number): Deferred<unknown> {
    const d = this.#deferreds[n];
    if (!d) throw new RangeError(`There is no deferred ${n}`);
    return d;
  }
  add(on: number, callback?: Side, errback?: Side): void {
    const own = (side?: Side) =>
      side && ((got: unknown) => {
        const given = side(
          got instanceof Failure
            ? { kind: "error", text: this.textOf(got.value) }
            : { kind: "value", value: got },
        );
        if (given instanceof Deferred || given.kind === "wait") return given;
        return given.kind === "value" ? given.value : failureOf(given.text);
      });
    this.#at(on).addCallbacks(own(callback), own(errback));
  }
  fire(on: number, result: Result): void {
    if (result.kind === "value") this.#at(on).callback(result.value);
    else this.#at(on).errback(failureOf(result.text));
  }
  pause(on: number): void {
    this.#at(on).pause();
  }
  unpause(on: number): void {
    this.#at(on).unpause();
  }
  cancel(on: number): void {
    this.#at(on).cancel();
  }
  chain(on: number, to: number): void {
    this.#at(on).chainDeferred(this.#at(to));
  }
  called(on: number): boolean {
    return this.#at(on).called;
  }
  wait(on: number): Deferred<unknown> {
    return this.#at(on);
  }
  throw(text: string): never {
    throw new NamedError(text);
  }
  textOf(error: unknown): string {
    if (error instanceof NamedError) return error.message;
    return error instanceof Error ? error.name : String(error);
  }
  unhandled(): string[] {
    reportUnhandledErrors();
    this.#forget();
    return this.#left.sort();
  }
}

class NamedError extends Error {}

function failureOf(text: string): Failure {
  return new Failure(new NamedError(text));
}
class Author {
  readonly #random: Random;
  #names = 0;
  #deferreds = 0;
  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  program(): Program {
    this.#deferreds = 1 + this.#random.below(6);
    const cancellers = this.#random.many(
      this.#deferreds,
      () => this.#random.chance(0.4) ? this.#behaviour(1) : undefined,
    );
    const actions = this.#random.many(
      3 + this.#random.below(25),
      () => this.#action(2),
    );
    return { cancellers, actions: [...actions, ...this.#ending()] };
  }

  /** Fires about half of them, so that chains come to an end. */
  #ending(): Action[] {
    const ending: Action[] = [];
    for (let on = 0; on < this.#deferreds; on++) {
      if (this.#random.chance(0.5)) {
        ending.push({ do: "fire", on, result: this.#result() });
      }
    }
    return ending;
  }

  /** Something to do; what it has to do with callbacks is `depth` deep. */
  #action(depth: number): Action {
    const on = this.#random.below(this.#deferreds);
    const dice = this.#random.below(depth > 0 ? 20 : 10);
    if (dice < 4) return { do: "fire", on, result: this.#result() };
    if (dice < 6) return { do: "cancel", on };
    if (dice < 7) return { do: "pause", on };
    if (dice < 8) return { do: "unpause", on };
    if (dice < 10) {
      return { do: "chain", on, to: this.#random.below(this.#deferreds) };
    }
    return {
      do: "add",
      on,
      callback: this.#random.chance(0.8)
        ? this.#behaviour(depth - 1)
        : undefined,
      errback: this.#random.chance(0.5)
        ? this.#behaviour(depth - 1)
        : undefined,
    };
  }

  #behaviour(depth: number): Behaviour {
    const name = `callback ${this.#names++}`;
    const first = this.#random.chance(0.3)
      ? this.#random.many(1 + this.#random.below(2), () => this.#action(depth))
      : [];
    return { name, first, last: this.#last() };
  }

  #last(): Behaviour["last"] {
    const dice = this.#random.below(10);
    if (dice < 2) return { do: "pass" };
    if (dice < 5) return { do: "return", result: this.#result() };
    if (dice < 7) return { do: "throw", text: `thrown ${this.#names++}` };
    return { do: "wait", on: this.#random.below(this.#deferreds) };
  }

  #result(): Result {
    return this.#random.chance(0.7)
      ? { kind: "value", value: this.#names++ }
      : { kind: "error", text: `failure ${this.#names++}` };
  }
}
