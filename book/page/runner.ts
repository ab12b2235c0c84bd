/// <reference lib="dom" />
/**
 * A program in its worker.
 *
 * @module
 */

import {
  type Event,
  INTERRUPTED,
  type Order,
  type ProgramSetup,
  type Report,
} from "../worker/messages.ts";
import { siteUrl } from "./site.ts";

/** How often a worker is asked whether it is still there. */
const PING_MS = 1000;

/** How many times in a row it may owe an answer. */
const MOST_UNANSWERED = 3;

/** Who is told what a program does. */
export interface RunnerObserver {
  report(report: Report): void;
  /** It has not returned for some seconds; `what` it was is said in words. */
  stuck(what: string): void;
  /** It has returned after all. */
  unstuck(): void;
}

let spare: Worker | undefined;

/** Has a worker ready, with the library loaded. */
export function prepareWorker(): void {
  spare ??= new Worker(siteUrl("checkout/book/worker/worker.js"), {
    type: "module",
  });
}

function takeWorker(): Worker {
  prepareWorker();
  const worker = spare as Worker;
  spare = undefined;
  return worker;
}

/** Starts a program, and ends it. */
export class Runner {
  #worker = takeWorker();
  #observer: RunnerObserver;
  #path: string;
  #unanswered = 0;
  /** Whether it blocks, and hears nothing, but is to be ended by Ctrl-C. */
  #isMortal = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** What has begun and is not over: calls, and stages within them. */
  #open: string[] = [];

  constructor(program: ProgramSetup, observer: RunnerObserver) {
    this.#observer = observer;
    this.#path = program.path;
    this.#worker.onmessage = ({ data }: MessageEvent<Report>) =>
      this.#take(data);
    this.#worker.onerror = ({ message }) => {
      this.#take({ report: "exit", status: 1, time: 0, error: message });
    };
    this.order({ order: "start", program });
    this.#timer = setInterval(() => this.#ping(), PING_MS);
  }

  /** Tells the worker to do something. */
  order(order: Order): void {
    this.#worker.postMessage(order);
  }

  /** Ctrl-C, at a time of the program. */
  interrupt(time: number): void {
    if (!this.#isMortal) return this.order({ order: "interrupt" });
    this.#take({ report: "exit", status: INTERRUPTED, time });
  }

  /** Ends the worker, whatever it does. */
  end(): void {
    clearInterval(this.#timer);
    this.#worker.onmessage = null;
    this.#worker.terminate();
    prepareWorker();
  }

  #ping(): void {
    if (++this.#unanswered > MOST_UNANSWERED) {
      this.#observer.stuck(
        this.#open.at(-1) ?? `${this.#path} itself`,
      );
    }
    this.order({ order: "ping" });
  }

  #take(report: Report): void {
    if (this.#unanswered > MOST_UNANSWERED) this.#observer.unstuck();
    this.#unanswered = report.report === "blocks"
      ? -report.seconds * 1000 / PING_MS
      : 0;
    this.#isMortal = report.report === "blocks" && report.isMortal;
    if (report.report === "events") this.#follow(report.events);
    if (report.report === "exit") clearInterval(this.#timer);
    this.#observer.report(report);
  }

  #follow(events: readonly Event[]): void {
    for (const event of events) {
      if (event.what === "call") this.#open.push(`${event.kind} ${event.name}`);
      if (event.what === "stage") {
        this.#open.push(`${event.side} ${event.name}`);
      }
      if (event.what === "call over" || event.what === "stage over") {
        this.#open.pop();
      }
    }
  }
}
