// Writes random programs of connections.

import { Random } from "../support/random.ts";
import type {
  Action,
  Carrier,
  Delay,
  Production,
  Program,
  Reaction,
  Request,
  Script,
} from "./random_program.ts";

/** Nothing, little, what a queue or a pipe holds and a bit more, and much. */
const SIZES = [0, 1, 10, 1000, 20_000, 65_536, 65_537, 200_000] as const;
const LARGE = 1_500_000;

/** After how many bytes a side reacts. */
const THRESHOLDS = [1, 1, 1, 500, 30_000, 100_000, 400_000] as const;

/** How much more often than others each of them is asked for. */
const REQUESTS: readonly [number, Request][] = [
  [8, "loseConnection"],
  [6, "loseWriteConnection"],
  [3, "abortConnection"],
  [2, "pauseProducing"],
  [3, "resumeProducing"],
  [1, "stopProducing"],
  [3, "unregisterProducer"],
  [1, "stopConsuming"],
  [1, "stop the reactor"],
  [2, "throw"],
  [1, "return a rejected promise"],
];
const WEIGHTS = REQUESTS.reduce((sum, [weight]) => sum + weight, 0);

const DELAYS: readonly [Delay, ...Delay[]] = [
  "callFromThread",
  "callFromThread",
  "callLater",
  "a promise",
];

/** How deep callbacks in callbacks go. */
const DEPTH = 3;

/**
 * Writes the program of a seed.
 *
 * @param seed a whole number
 * @param carrier what is between the two sides
 */
export function writeProgram(seed: number, carrier: Carrier): Program {
  const author = new Author(new Random(seed));
  return { carrier, server: author.script(), client: author.script() };
}

class Author {
  #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  script(): Script {
    const random = this.#random;
    const reactions: Reaction[] = [];
    const react = (on: Reaction["on"], chance: number) => {
      if (!random.chance(chance)) return;
      reactions.push({ on, actions: this.#actions(DEPTH) });
    };
    react("connectionMade", 0.8);
    react("handshakeCompleted", 0.3);
    reactions.push(...random.many(random.below(4), () => ({
      on: "dataReceived" as const,
      bytes: random.pick(THRESHOLDS),
      actions: this.#actions(DEPTH),
    })));
    react("readConnectionLost", 0.5);
    react("writeConnectionLost", 0.3);
    react("connectionLost", 0.3);
    return { halfCloseable: random.chance(0.5), reactions };
  }

  #actions(depth: number): Action[] {
    const random = this.#random;
    const count = 1 + random.below(3);
    return random.many(count, () => this.#action(depth)).flat();
  }

  #action(depth: number): Action[] {
    const dice = this.#random.below(depth > 0 ? 100 : 70);
    if (dice < 40) return [this.#write()];
    if (dice < 65) return [{ do: this.#request() }];
    if (dice < 70) return this.#pause();
    if (dice < 85) {
      const producer = this.#production(depth - 1);
      return [{ do: "registerProducer", producer }];
    }
    return [this.#defer(this.#actions(depth - 1))];
  }

  #write(): Action {
    const random = this.#random;
    const count = random.chance(0.2) ? 1 + random.below(4) : 1;
    return { do: "write", sizes: random.many(count, () => this.#size()) };
  }

  #size(): number {
    return this.#random.chance(0.03) ? LARGE : this.#random.pick(SIZES);
  }

  #request(): Request {
    let dice = this.#random.below(WEIGHTS);
    for (const [weight, request] of REQUESTS) {
      if (dice < weight) return request;
      dice -= weight;
    }
    return "loseConnection";
  }

  /** Most of those who pause go on some time. */
  #pause(): Action[] {
    const goOn = this.#defer([{ do: "resumeProducing" }]);
    return [{ do: "pauseProducing" }, goOn];
  }

  #defer(actions: Action[]): Action {
    const by = this.#random.pick(DELAYS);
    return { do: "defer", by, milliseconds: this.#random.below(6), actions };
  }

  #production(depth: number): Production {
    const random = this.#random;
    const steps = random.many(1 + random.below(5), () => this.#step(depth));
    steps[steps.length - 1]?.push(...this.#lastWords(depth));
    return {
      streaming: random.chance(0.5),
      steps,
      paused: random.chance(0.1) ? this.#actions(depth) : [],
      stopped: random.chance(0.1) ? this.#actions(depth) : [],
    };
  }

  #step(depth: number): Action[] {
    const random = this.#random;
    if (random.chance(0.1)) return this.#actions(depth);
    const write = this.#write();
    return random.chance(0.1) ? [this.#defer([write])] : [write];
  }

  /** What a producer does with its last piece, or behind it. */
  #lastWords(depth: number): Action[] {
    const random = this.#random;
    const words: Action[] = [];
    if (random.chance(0.8)) words.push({ do: "unregisterProducer" });
    if (random.chance(0.6)) {
      words.push({
        do: random.pick([
          "loseConnection",
          "loseConnection",
          "loseWriteConnection",
          "stopConsuming",
        ]),
      });
    }
    if (random.chance(0.1)) words.push(...this.#actions(depth));
    return random.chance(0.1) ? [this.#defer(words)] : words;
  }
}
