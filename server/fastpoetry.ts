/**
 * The fast poetry server: everybody who connects is sent the poem at once. All of it
 * is in the protocol below; what a server needs around that is in shared/.
 *
 * Terminal 1:
 *
 *     deno run --allow-net --allow-read server/fastpoetry.ts --port 10000 poetry/ecstasy.txt
 *
 * Terminal 2:
 *
 *     deno run --allow-net clients/get-poetry-5.1.ts 10000
 *
 * With two processes that share the port, so that two cores serve:
 *
 *     deno run --allow-net --allow-read --allow-run --unstable-net server/fastpoetry.ts --port 10000 --workers 2 poetry/ecstasy.txt
 *
 * Ctrl-C ends the server. docs/servers.md goes on from here.
 *
 * @module
 */

import { reactor } from "../mod.ts";
import {
  PoetryServerFactory,
  PoetryServerProtocol,
} from "./shared/poetry_server.ts";
import { serve } from "./shared/serve.ts";
import { parseServerArguments } from "./shared/server_arguments.ts";
import { servingOptions } from "./shared/serving_options.ts";

const ABOUT = `
This is the fast poetry server. It sends the whole poem to whoever connects, at
once, and to any number of clients:

  deno run --allow-net --allow-read server/fastpoetry.ts poetry/ecstasy.txt

It prints the port it listens on, which is where a client finds it. --workers
needs --allow-run and --unstable-net as well. The clients are divided among the
workers, and --max-clients is too. A worker that dies ends the server, with exit
status 1: whoever has started it can start it again.
`;

/** One client. However slow it reads, the poem is not copied for it. */
export class FastPoetryProtocol extends PoetryServerProtocol {
  override connectionMade(): void {
    this.send(this.factory.poem);
    this.endOfPoem();
  }
}

async function main() {
  const { file, poem, options } = parseServerArguments(ABOUT, servingOptions);
  const factory = PoetryServerFactory.forProtocol(
    FastPoetryProtocol,
    reactor,
    poem,
    {
      maxClients: options["max-clients"],
      sendTimeout: options["send-timeout"],
    },
  );
  await serve(factory, file, options);
}

if (import.meta.main) await main();
