/**
 * Three tasks, done in three ways: one after the other, in three threads, and interleaved
 * in one thread; first with nothing but computing to do, then with waits in between, as
 * for a disk or for another machine. Each line is what one task did, column by column, as
 * it was measured while it ran.
 *
 *     deno run examples/models.ts
 *
 * @module
 */

import "./shared/output.ts";

/** What a task was doing, from one time to another, in milliseconds. */
interface Span {
  mark: "█" | "░";
  from: number;
  to: number;
}

/** What there is to do in a task. */
interface Work {
  /** How often it computes. */
  steps: number;
  /** How much it computes each time. */
  amount: number;
  /** How many milliseconds it has to wait in between. */
  rest: number;
}

const STEPS = 4;
const STEP_MILLISECONDS = 15;
const REST_MILLISECONDS = 30;
const COLUMN_MILLISECONDS = 7;

// --- A task, and what it is made of. Threads get these four as text.

/** The time, by a clock that all threads share. */
function now(): number {
  return performance.timeOrigin + performance.now();
}

function compute(amount: number): number {
  let sum = 0;
  for (let i = 0; i < amount; i++) sum += Math.sqrt(i);
  return sum;
}

/** Waits the blocking way: the thread can do nothing else meanwhile. */
function block(milliseconds: number) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

/**
 * A task. After each step it says how long it has to wait for what it needs next. How
 * that is done is for those to decide who run it.
 */
function* runTask({ steps, amount, rest }: Work, spans: Span[]) {
  for (let step = 0; step < steps; step++) {
    if (step > 0) {
      const from = now();
      yield rest;
      spans.push({ mark: "░", from, to: from + rest });
    }
    const from = now();
    compute(amount);
    spans.push({ mark: "█", from, to: now() });
  }
}

// --- The models

/** Runs three tasks and returns what each of them did. */
type Model = (work: Work) => Span[][] | Promise<Span[][]>;

/** One task after the other, in one thread. */
function synchronously(work: Work): Span[][] {
  return threeTimes(() => {
    const spans: Span[] = [];
    for (const wait of runTask(work, spans)) block(wait);
    return spans;
  });
}

/** Each task in a thread of its own, to be run side by side as far as there are cores. */
async function inThreads(work: Work): Promise<Span[][]> {
  const threads = threeTimes(startThread);
  await Promise.all(threads.map(heardFrom));
  const done = threads.map(heardFrom);
  threads.forEach((thread) => thread.postMessage(work));
  const messages = await Promise.all(done);
  threads.forEach((thread) => thread.terminate());
  return messages.map((message) => message.data);
}

/** All tasks in one thread: whoever has to wait, or has had a step, lets others go on. */
async function interleaved(work: Work): Promise<Span[][]> {
  return await Promise.all(threeTimes(async () => {
    const spans: Span[] = [];
    for (const wait of runTask(work, spans)) {
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
    return spans;
  }));
}

/** A thread runs a program of its own. It comes as text, not as a file to be read. */
function startThread(): Worker {
  const program = `
    ${[now, compute, block, runTask].join("\n")}
    compute(1e6);
    self.onmessage = ({ data: work }) => {
      const spans = [];
      for (const wait of runTask(work, spans)) block(wait);
      self.postMessage(spans);
    };
    self.postMessage("ready");
  `;
  const url = `data:text/javascript,${encodeURIComponent(program)}`;
  return new Worker(url, { type: "module" });
}

function heardFrom(thread: Worker): Promise<MessageEvent> {
  return new Promise((resolve) => {
    thread.addEventListener("message", resolve, { once: true });
  });
}

function threeTimes<T>(fn: () => T): T[] {
  return [fn(), fn(), fn()];
}

// --- The picture

function draw(tasks: Span[][]) {
  const start = Math.min(...tasks.flat().map(({ from }) => from));
  for (const [i, spans] of tasks.entries()) {
    const end = Math.max(...spans.map(({ to }) => to));
    let line = "";
    for (
      let time = start + COLUMN_MILLISECONDS / 2;
      time < end;
      time += COLUMN_MILLISECONDS
    ) {
      const span = spans.find(({ from, to }) => from <= time && time < to);
      line += span?.mark ?? " ";
    }
    console.log(`Task ${i + 1} ${line.trimEnd()}`);
  }
}

function duration(tasks: Span[][]): number {
  const spans = tasks.flat();
  return Math.max(...spans.map(({ to }) => to)) -
    Math.min(...spans.map(({ from }) => from));
}

/** How much there is to compute in a step, for this machine to be busy long enough. */
function amountForOneStep(): number {
  const sample = 1e6;
  // The best of some times: the others were slowed down by something.
  const best = Math.min(...Array.from({ length: 5 }, () => {
    const start = now();
    compute(sample);
    return now() - start;
  }));
  return Math.ceil(sample * STEP_MILLISECONDS / best);
}

async function main() {
  const busy = { steps: STEPS, amount: amountForOneStep(), rest: 0 };
  const waiting = { ...busy, rest: REST_MILLISECONDS };
  const plan: [title: string, model: Model, work: Work][] = [
    ["Synchronous", synchronously, busy],
    ["In threads", inThreads, busy],
    ["Asynchronous", interleaved, busy],
    ["Synchronous, with waits that block", synchronously, waiting],
    ["In threads, with waits that block", inThreads, waiting],
    ["Asynchronous, with waits that let others go on", interleaved, waiting],
  ];
  console.log(`█ computes  ░ waits  One column is ${COLUMN_MILLISECONDS} ms.`);
  for (const [title, model, work] of plan) {
    const tasks = await model(work);
    console.log(`\n${title}: ${duration(tasks).toFixed(0)} ms`);
    draw(tasks);
  }
}

await main();
