/**
 * A callback: a function of ours that the reactor calls. This one is called when the
 * reactor has started, and then the loop goes on without us, until Ctrl-C.
 *
 *     deno run examples/hello.ts
 *
 * @module
 */

import { reactor } from "../mod.ts";
import "./shared/output.ts";

function hello() {
  console.log("Hello from the reactor loop!");
  console.log("Lately I feel like I'm stuck in a rut.");
}

reactor.callWhenRunning(hello);

console.log("Starting the reactor.");
await reactor.run();
