/**
 * Client 6.0, of Parts 12 and 13: the transform is another server's. So the callback that
 * transforms a poem cannot return the new poem, which is not there yet: it returns a
 * deferred. The chain stops until that one has fired, and goes on with its result, so that
 * the next callback gets a poem as before.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net examples/later/transform-server.ts --port 10010
 *     deno run --allow-net --allow-read examples/later/poetry-server.ts --port 10000 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net examples/later/get-poetry-6.ts 10010 10000 10001
 *
 * Run it without the transform server, too.
 *
 * @module
 */

import { type Deferred, type Failure, reactor } from "../../mod.ts";
import { getPoetry } from "./shared/get_poetry.ts";
import { parseTransformArguments } from "./shared/transform_arguments.ts";
import { transformPoem } from "./shared/transform_poem.ts";

const ABOUT = `
This is the poetry client, version 6.0. It gets all poems at once, has the transform
server write them in lower case, and prints them:

  deno run --allow-net examples/later/get-poetry-6.ts 10010 10000 10001

The first address is the transform server's; see examples/later/transform-server.ts.
`;

async function main() {
  const { transformer, addresses } = parseTransformArguments(ABOUT);
  const poems: string[] = [];
  const errors: Failure[] = [];

  function tryToCummingsify(poem: string): Deferred<string> {
    return transformPoem(transformer, "cummingsify", poem).addErrback(() => {
      console.log("Cummingsify failed!");
      return poem;
    });
  }

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
    const d = getPoetry(hostname, port);
    d.addCallback(tryToCummingsify);
    d.addCallbacks(gotPoem, poemFailed);
    d.addBoth(poemDone);
  }
  await reactor.run();

  if (poems.length < addresses.length) Deno.exitCode = 1;
}

if (import.meta.main) await main();
