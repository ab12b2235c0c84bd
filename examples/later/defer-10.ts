/**
 * Deferreds of deferreds, of Part 13: a callback that returns a deferred stops its chain
 * until that one has fired. Nothing blocks meanwhile: this program goes on in the next line.
 *
 *     deno run examples/later/defer-10.ts
 *
 * @module
 */

import { Deferred } from "../../mod.ts";
import "../shared/output.ts";

const inner = new Deferred<number>();

function callback1(result: number) {
  console.log(`callback1 got ${result}`);
  return 1;
}

function callback2(result: number) {
  console.log(`callback2 got ${result}`);
  return 2;
}

function callback2Async(result: number) {
  console.log(`callback2Async got ${result}, and returns a deferred`);
  return inner;
}

function callback3(result: number) {
  console.log(`callback3 got ${result}`);
  return 3;
}

console.log("Callbacks that return values:");
const plain = new Deferred<number>();
plain.addCallback(callback1).addCallback(callback2).addCallback(callback3);
plain.callback(0);

console.log("\nOne of them returns a deferred:");
const outer = new Deferred<number>();
outer.addCallback(callback1).addCallback(callback2Async).addCallback(callback3);
outer.callback(0);
console.log("Outer has been fired, and waits. Firing inner:");
inner.callback(2);

console.log("\nAnd the errors of inner are those of outer:");
const sad = new Deferred<number>();
sad.addCallback(() => {
  const failing = new Deferred<number>();
  failing.errback(new Error("no poem"));
  return failing;
});
sad.addErrback((failure) => {
  console.log(`the errback of outer got: ${failure.getErrorMessage()}`);
});
sad.callback(0);
