/**
 * Client 7.1: client 7.0 with `async` and `await`, which JavaScript has of its own. A
 * deferred can be awaited, and `react` runs the reactor as long as an async function takes.
 * What is lost is cancelling: a promise has nothing to be told.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net examples/later/transform-server.ts --port 10010
 *     deno run --allow-net --allow-read examples/later/poetry-server.ts --port 10000 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net examples/later/get-poetry-7.1.ts 10010 10000 10001
 *
 * @module
 */

import { react, reactor, SystemExit } from "../../mod.ts";
import type { Address } from "../../cli/addresses.ts";
import { getPoetry } from "./shared/get_poetry.ts";
import { parseTransformArguments } from "./shared/transform_arguments.ts";
import { transformPoem } from "./shared/transform_poem.ts";

const ABOUT = `
This is the poetry client, version 7.1, with async and await. It gets all poems at
once, has the transform server write them in lower case, and prints them:

  deno run --allow-net examples/later/get-poetry-7.1.ts 10010 10000 10001

The first address is the transform server's; see examples/later/transform-server.ts.
`;

async function main() {
  const { transformer, addresses } = parseTransformArguments(ABOUT);

  async function getTransformedPoem({ hostname, port }: Address) {
    const poem = await getPoetry(hostname, port);
    try {
      return await transformPoem(transformer, "cummingsify", poem);
    } catch {
      console.log("Cummingsify failed!");
      return poem;
    }
  }

  /** Whether there was one. */
  async function printPoem(address: Address): Promise<boolean> {
    try {
      console.log(await getTransformedPoem(address));
      return true;
    } catch {
      console.error("The poem download failed.");
      return false;
    }
  }

  await react(reactor, async () => {
    const printed = await Promise.all(addresses.map(printPoem));
    if (printed.includes(false)) throw new SystemExit(1);
  });
}

if (import.meta.main) await main();
