/**
 * A callback, and `await`, on the same kind of deferred. The callback runs inside of
 * `callback()`; what stands behind `await` runs when `callback()` has returned and no
 * other code is running.
 *
 *     deno run examples/defer-await.ts
 *
 * @module
 */

import { Deferred, reactor } from "../mod.ts";
import "./shared/output.ts";

async function serve(poem: Deferred<string>) {
  try {
    console.log(`Behind await: ${await poem}`);
  } catch (error) {
    console.log(`Caught: ${error}`);
  }
}

function fire() {
  console.log("Firing.");
  withCallback.callback("Another short poem.");
  withAwait.callback("Another short poem.");
  failing.errback(new Error("no ink"));
  console.log("Fired.");
  reactor.callLater(0, () => reactor.stop());
}

const withCallback = new Deferred<string>();
withCallback.addCallback((poem) => console.log(`In a callback: ${poem}`));

const withAwait = new Deferred<string>();
serve(withAwait);
const failing = new Deferred<string>();
serve(failing);

reactor.callWhenRunning(fire);
await reactor.run();
