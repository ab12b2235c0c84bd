/**
 * Says how many milliseconds something long takes to be built and fired: a chain
 * of callbacks, or a nest of deferreds, as its first argument says, of the length
 * that the second one says.
 *
 * There are as many of them at once as make a million, whatever the length, so that
 * as much memory is in use; what is told is the time of one. It is run with room
 * for all of them: to move what is alive is the collector's work, and not what is
 * measured.
 */

import { Deferred, succeed } from "../../mod.ts";
import { check, increment } from "../jobs.ts";
import { answer } from "./answer.ts";

const TOGETHER = 1_000_000;

/** Something to be fired, of some length. */
type Build = (
  length: number,
) => { first: Deferred<number>; last: Deferred<number> };

/** A chain that is there before it fires. */
const chain: Build = (length) => {
  const first = new Deferred<number>();
  let last: Deferred<number> = first;
  for (let n = 0; n < length; n++) last = last.addCallback(increment);
  return { first, last };
};

/** Deferreds of which each returns the next one. */
const nest: Build = (length) => {
  const first = new Deferred<number>();
  let last = first;
  for (let n = 0; n < length; n++) {
    const inner = last;
    last = succeed().addCallback(() => inner);
  }
  return { first, last };
};

/** The milliseconds that one of a length takes to be built and fired. */
function measureLength(build: Build, length: number): number {
  const start = performance.now();
  const count = TOGETHER / length;
  const built = [];
  for (let n = 0; n < count; n++) built.push(build(length));
  for (const { first } of built) first.callback(0);
  const time = performance.now() - start;
  for (const { last } of built) last.addCallback((sum) => check(sum >= 0));
  return time / count;
}

const build = Deno.args[0] === "chain" ? chain : nest;
const length = Number(Deno.args[1]);
await answer(0, () => {
  // The fastest of some: whatever else happens only ever adds to the time.
  let fastest = Infinity;
  for (let time = 0; time < 3; time++) {
    fastest = Math.min(fastest, measureLength(build, length));
  }
  return fastest;
});
