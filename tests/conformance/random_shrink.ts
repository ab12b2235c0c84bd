// Cuts a program that fails down to a small one that still does.

import type { Action, Production, Program, Script } from "./random_program.ts";

/**
 * Cuts a program down, one thing after the other.
 *
 * @param program one that fails
 * @param fails whether a smaller one fails as well; once it throws, or the time
 *   is up, the smallest so far is good enough
 * @param seconds how long to try
 */
export async function shrink(
  program: Program,
  fails: (program: Program) => Promise<boolean>,
  seconds: number,
): Promise<Program> {
  const end = performance.now() + seconds * 1000;
  let smallest = program;
  let found = true;
  while (found) {
    found = false;
    for (const smaller of smallerPrograms(smallest)) {
      if (performance.now() > end) return smallest;
      if (!await fails(smaller)) continue;
      smallest = smaller;
      found = true;
      break;
    }
  }
  return smallest;
}

/** The programs that are one step smaller, those that lack most first. */
function* smallerPrograms(program: Program): Generator<Program> {
  for (const server of smallerScripts(program.server)) {
    yield { ...program, server };
  }
  for (const client of smallerScripts(program.client)) {
    yield { ...program, client };
  }
}

function* smallerScripts(script: Script): Generator<Script> {
  for (const reactions of without(script.reactions)) {
    yield { ...script, reactions };
  }
  for (const [index, reaction] of script.reactions.entries()) {
    for (const actions of smallerActions(reaction.actions)) {
      const reactions = script.reactions.with(index, { ...reaction, actions });
      yield { ...script, reactions };
    }
    if (reaction.bytes !== undefined && reaction.bytes > 1) {
      const smaller = { ...reaction, bytes: 1 };
      yield { ...script, reactions: script.reactions.with(index, smaller) };
    }
  }
  if (script.halfCloseable) yield { ...script, halfCloseable: false };
}

function* smallerActions(
  actions: readonly Action[],
): Generator<readonly Action[]> {
  yield* without(actions);
  for (const [index, action] of actions.entries()) {
    for (const smaller of smallerForms(action)) {
      yield actions.toSpliced(index, 1, ...smaller);
    }
  }
}

/** What can stand in the place of an action, and is less. */
function* smallerForms(action: Action): Generator<readonly Action[]> {
  if (action.do === "write") {
    for (const sizes of smallerSizes(action.sizes)) {
      yield [{ ...action, sizes }];
    }
  } else if (action.do === "defer") {
    yield action.actions;
    for (const actions of smallerActions(action.actions)) {
      yield [{ ...action, actions }];
    }
    if (action.by !== "callFromThread") {
      yield [{ ...action, by: "callFromThread" }];
    }
  } else if (action.do === "registerProducer") {
    for (const producer of smallerProductions(action.producer)) {
      yield [{ ...action, producer }];
    }
    if (action.producer.streaming) yield action.producer.steps.flat();
  }
}

function* smallerSizes(
  sizes: readonly number[],
): Generator<readonly number[]> {
  if (sizes.length > 1) yield* without(sizes);
  for (const [index, size] of sizes.entries()) {
    if (size > 1) yield sizes.with(index, 1);
    if (size > 1000) yield sizes.with(index, 1000);
    if (size > 65_537) yield sizes.with(index, Math.floor(size / 2));
  }
}

function* smallerProductions(producer: Production): Generator<Production> {
  for (const steps of without(producer.steps)) yield { ...producer, steps };
  if (producer.paused.length > 0) yield { ...producer, paused: [] };
  if (producer.stopped.length > 0) yield { ...producer, stopped: [] };
  for (const [index, step] of producer.steps.entries()) {
    for (const smaller of smallerActions(step)) {
      yield { ...producer, steps: producer.steps.with(index, smaller) };
    }
  }
  for (const paused of smallerActions(producer.paused)) {
    yield { ...producer, paused };
  }
  for (const stopped of smallerActions(producer.stopped)) {
    yield { ...producer, stopped };
  }
}

/** The lists that lack one of the items. */
function* without<T>(items: readonly T[]): Generator<readonly T[]> {
  for (const index of items.keys()) yield items.toSpliced(index, 1);
}
