// The producers of random programs.

import type { PushProducer } from "../../mod.ts";
import type { Action, Production } from "./random_program.ts";
import type { Caller, RandomSide } from "./random_side.ts";

/** Gives out the data of a script, and checks what it is told. */
export class ScriptedProducer implements PushProducer {
  readonly streaming: boolean;
  isStopped = false;
  /** Whether it was registered when all was over, to be told to stop at once. */
  readonly #isLate: boolean;
  #side: RandomSide;
  #steps: (readonly Action[])[];
  #whenPaused: readonly Action[];
  #whenStopped: readonly Action[];
  #isRegistered = true;
  #isPaused = false;
  #isBusy = false;
  /** Whether it has given something out, and is to be told to go on. */
  #gave = false;

  constructor(side: RandomSide, script: Production) {
    this.#side = side;
    this.#isLate = side.isLost;
    this.streaming = script.streaming;
    this.#steps = [...script.steps];
    this.#whenPaused = script.paused;
    this.#whenStopped = script.stopped;
  }

  /** Whether it waits to be told to go on. */
  get isWaiting(): boolean {
    return this.streaming ? this.#isPaused : this.#gave;
  }

  /** For its side: the transport has forgotten it. */
  unregistered(): void {
    this.#isRegistered = false;
  }

  /** For its side: something was written, so that more is to be asked for. */
  gave(): void {
    this.#gave = true;
  }

  /** Gives out what it can by itself. */
  giveOut(caller: Caller): void {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#isRegistered && !this.#isPaused) {
        const step = this.#steps.shift();
        if (step === undefined) return;
        this.#side.perform(step, caller);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  resumeProducing(): void {
    this.#told("resumeProducing");
    if (this.#side.isAborted) this.#fault("resumeProducing after the abort");
    this.#isPaused = false;
    if (this.streaming) return this.giveOut("producer");
    this.#gave = false;
    this.#side.perform(this.#steps.shift() ?? [], "producer");
  }

  pauseProducing(): void {
    this.#told("pauseProducing");
    if (!this.streaming) this.#fault("pauseProducing, but it has to be asked");
    this.#isPaused = true;
    const actions = this.#whenPaused;
    this.#whenPaused = [];
    this.#side.perform(actions, "producer");
  }

  stopProducing(): void {
    this.#told("stopProducing");
    this.#isRegistered = false;
    this.isStopped = true;
    this.#side.stopped(this);
    this.#side.perform(this.#whenStopped, "producer");
  }

  #told(what: string): void {
    this.#side.record(`producer ${what}`);
    if (this.isStopped) this.#fault(`${what} after stopProducing`);
    else if (!this.#isRegistered) this.#fault(`${what}, not registered`);
    if (this.#side.isLost && !this.#isLate) {
      this.#fault(`${what} after connectionLost`);
    }
  }

  #fault(text: string): void {
    this.#side.fault(`producer: ${text}`);
  }
}
