/**
 * While one callback works, nothing else runs: no timer, no connection. With debugging on,
 * the reactor says which call that was, and who asked for it.
 *
 *     deno run examples/slow-call.ts
 *
 * @module
 */

import { reactor, setDebugging } from "../mod.ts";

function composeSonnet(): void {
  const end = performance.now() + 150;
  while (performance.now() < end);
  reactor.stop();
}

setDebugging(true);
reactor.callLater(0, composeSonnet);
await reactor.run();
