/**
 * defer-8.ts, where the reactor is stopped in one place: what has to be done however it
 * went is added with `addBoth`.
 *
 *     deno run examples/defer-9.ts
 *
 * @module
 */

import { Deferred, reactor } from "../mod.ts";
import "./shared/output.ts";

function gotPoem(poem: string) {
  console.log(poem);
}

function poemFailed() {
  console.error("No verses today:");
  console.error("the line fell silent halfway.");
  console.error("Will you try again?");
}

function poemDone() {
  reactor.stop();
}

const d = new Deferred<string>();
d.addCallbacks(gotPoem, poemFailed);
d.addBoth(poemDone);

reactor.callWhenRunning(d.callback.bind(d), "Another short poem.");
await reactor.run();
