/**
 * Client 8.0, of Part 18: client 7.0 without the bookkeeping. A `DeferredList` fires when all
 * of its deferreds have, whatever came of them, so nothing has to be counted to find out when
 * the reactor can stop.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net examples/later/transform-server.ts --port 10010
 *     deno run --allow-net --allow-read examples/later/poetry-server.ts --port 10000 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net examples/later/get-poetry-8.ts 10010 10000 10001
 *
 * @module
 */

import { DeferredList, inlineCallbacks, reactor, wait } from "../../mod.ts";
import type { Address } from "../../cli/addresses.ts";
import { getPoetry } from "./shared/get_poetry.ts";
import { parseTransformArguments } from "./shared/transform_arguments.ts";
import { transformPoem } from "./shared/transform_poem.ts";

const ABOUT = `
This is the poetry client, version 8.0, with a DeferredList. It gets all poems at
once, has the transform server write them in lower case, and prints them:

  deno run --allow-net examples/later/get-poetry-8.ts 10010 10000 10001

The first address is the transform server's; see examples/later/transform-server.ts.
`;

async function main() {
  const { transformer, addresses } = parseTransformArguments(ABOUT);

  const getTransformedPoem = inlineCallbacks(
    function* ({ hostname, port }: Address) {
      const poem = yield* wait(getPoetry(hostname, port));
      try {
        return yield* wait(transformPoem(transformer, "cummingsify", poem));
      } catch {
        console.log("Cummingsify failed!");
        return poem;
      }
    },
  );

  function gotPoem(poem: string) {
    console.log(poem);
  }

  const poems = addresses.map((address) =>
    getTransformedPoem(address).addCallback(gotPoem)
  );
  new DeferredList(poems, { consumeErrors: true }).addCallback((outcomes) => {
    for (const [success] of outcomes) {
      if (success) continue;
      console.error("The poem download failed.");
      Deno.exitCode = 1;
    }
    // Ctrl-C may have stopped it already, and failed what was under way.
    if (reactor.running) reactor.stop();
  });
  await reactor.run();
}

if (import.meta.main) await main();
