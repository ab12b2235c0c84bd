/**
 * The poetry server of Part 11: a protocol that sends the poem as soon as somebody has
 * connected, and closes the connection. A protocol and a factory are the same on either side
 * of a connection; only who calls whom is another.
 *
 * Terminal 1:
 *
 *     deno run --allow-net --allow-read examples/later/poetry-server.ts --port 10000 poetry/ecstasy.txt
 *
 * Terminal 2:
 *
 *     deno run --allow-net clients/get-poetry-4.ts 10000
 *
 * Ctrl-C ends the server. server/fastpoetry.ts is the same server for a hostile world.
 *
 * @module
 */

import { Protocol, reactor, ServerFactory } from "../../mod.ts";
import { iface, port } from "../../cli/options.ts";
import { parseServerArguments } from "../../server/shared/server_arguments.ts";
import { listen } from "./shared/listen.ts";

const ABOUT = `
This is the poetry server of Part 11. It sends a poem to whoever connects:

  deno run --allow-net --allow-read examples/later/poetry-server.ts poetry/ecstasy.txt
`;

class PoetryProtocol extends Protocol {
  declare factory: PoetryFactory;

  override connectionMade(): void {
    this.transport.write(this.factory.poem);
    this.transport.loseConnection();
  }
}

/** Keeps what all connections share: the poem. */
class PoetryFactory extends ServerFactory {
  override protocol = PoetryProtocol;
  readonly poem: Uint8Array;

  constructor(poem: Uint8Array) {
    super();
    this.poem = poem;
  }
}

async function main() {
  const { file, poem, options } = parseServerArguments(ABOUT, { port, iface });
  listen(new PoetryFactory(poem), file, options);
  await reactor.run();
}

if (import.meta.main) await main();
