/**
 * Client 8.1, of Part 19: client 8.0, which waits for each poem no longer than it is told.
 * `addTimeout` cancels the deferred, and what that means is known to whatever is being waited
 * for: the generator hands it on to the deferred of its `yield*`, whose canceller closes the
 * connection (shared/get_poetry.ts). So the server hears of it too.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net examples/later/transform-server.ts --port 10010
 *     deno run --allow-net --allow-read examples/later/poetry-server.ts --port 10000 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net examples/later/get-poetry-8.1.ts --timeout 2 10010 10000 10001
 *
 * @module
 */

import {
  CancelledError,
  DeferredList,
  inlineCallbacks,
  reactor,
  TimeoutError,
  wait,
} from "../../mod.ts";
import type { Address } from "../../cli/addresses.ts";
import { getPoetry } from "./shared/get_poetry.ts";
import { parseTransformArguments } from "./shared/transform_arguments.ts";
import { transformPoem } from "./shared/transform_poem.ts";

const ABOUT = `
This is the poetry client, version 8.1, which cancels poems that take too long. It
gets all poems at once, has the transform server write them in lower case, and prints
them:

  deno run --allow-net examples/later/get-poetry-8.1.ts --timeout 2 10010 10000 10001

The first address is the transform server's; see examples/later/transform-server.ts.
`;

async function main() {
  const { transformer, addresses, timeout } = parseTransformArguments(ABOUT, {
    timeout: true,
  });

  const getTransformedPoem = inlineCallbacks(
    function* ({ hostname, port }: Address) {
      const poem = yield* wait(getPoetry(hostname, port));
      try {
        return yield* wait(transformPoem(transformer, "cummingsify", poem));
      } catch (error) {
        // Cancelled meanwhile: nobody waits for the poem as it came either.
        if (error instanceof CancelledError) throw error;
        console.log("Cummingsify failed!");
        return poem;
      }
    },
  );

  function gotPoem(poem: string) {
    console.log(poem);
  }

  const poems = addresses.map((address) => {
    const d = getTransformedPoem(address);
    if (timeout !== undefined) d.addTimeout(timeout, reactor);
    return d.addCallback(gotPoem);
  });
  new DeferredList(poems, { consumeErrors: true }).addCallback((outcomes) => {
    for (const [success, failure] of outcomes) {
      if (success) continue;
      console.error(
        failure.check(TimeoutError)
          ? `No poem within ${timeout} s: cancelled.`
          : "The poem download failed.",
      );
      Deno.exitCode = 1;
    }
    // Ctrl-C may have stopped it already, and failed what was under way.
    if (reactor.running) reactor.stop();
  });
  await reactor.run();
}

if (import.meta.main) await main();
