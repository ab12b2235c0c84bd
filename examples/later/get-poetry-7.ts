/**
 * Client 7.0, of Part 17: client 6.0, whose chain is one generator. Where a callback ended,
 * there stands a `yield*`; where an errback stood, there stands a `catch`. The generator
 * stops until the deferred has fired, and the reactor goes on meanwhile.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net examples/later/transform-server.ts --port 10010
 *     deno run --allow-net --allow-read examples/later/poetry-server.ts --port 10000 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net examples/later/get-poetry-7.ts 10010 10000 10001
 *
 * @module
 */

import { type Failure, inlineCallbacks, reactor, wait } from "../../mod.ts";
import { getPoetry } from "./shared/get_poetry.ts";
import { parseTransformArguments } from "./shared/transform_arguments.ts";
import { transformPoem } from "./shared/transform_poem.ts";

const ABOUT = `
This is the poetry client, version 7.0, with inlineCallbacks. It gets all poems at
once, has the transform server write them in lower case, and prints them:

  deno run --allow-net examples/later/get-poetry-7.ts 10010 10000 10001

The first address is the transform server's; see examples/later/transform-server.ts.
`;

async function main() {
  const { transformer, addresses } = parseTransformArguments(ABOUT);
  const poems: string[] = [];
  const errors: Failure[] = [];

  const getTransformedPoem = inlineCallbacks(
    function* (hostname: string, port: number) {
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
    poems.push(poem);
  }

  function poemFailed(failure: Failure) {
    console.error("The poem download failed.");
    errors.push(failure);
  }

  function poemDone() {
    const done = poems.length + errors.length;
    // Where Ctrl-C has stopped the reactor, that is why the rest has failed.
    if (done === addresses.length && reactor.running) reactor.stop();
  }

  for (const { hostname, port } of addresses) {
    const d = getTransformedPoem(hostname, port);
    d.addCallbacks(gotPoem, poemFailed);
    d.addBoth(poemDone);
  }
  await reactor.run();

  if (poems.length < addresses.length) Deno.exitCode = 1;
}

if (import.meta.main) await main();
