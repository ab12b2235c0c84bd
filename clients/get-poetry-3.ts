/**
 * Client 3.0: `getPoetry(host, port, callback)`, a function that any program could use. The
 * factory knows nothing any more of how many poems there are, nor what becomes of them: it
 * gets one, and hands it to a callback. Counting, stopping and printing are main's.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10000 --num-bytes 30 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/fascination.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10002 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net clients/get-poetry-3.ts 10000 10001 10002
 *
 * Run it without one of the servers, too, and it hangs until Ctrl-C: the poem that can't be
 * had is waited for like the others, because nobody tells main. Client 3.1 mends that. With
 * `--timeout 5` it gives up what hasn't come in five seconds.
 *
 * @module
 */

import { ClientFactory, Protocol, reactor } from "../mod.ts";
import { parseArguments } from "../cli/client_arguments.ts";
import { stopAfter } from "./shared/stop_after.ts";

const ABOUT = `
This is the poetry client, version 3.0, with a callback. It gets all poems at once,
and prints them:

  deno run --allow-net clients/get-poetry-3.ts 10000 10001 10002

A server for each of them has to be running; see server/slowpoetry.ts.
`;

class PoetryProtocol extends Protocol {
  declare factory: PoetryClientFactory;
  poem = "";
  /** Puts characters together that a read has cut in two. */
  decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  override dataReceived(data: Uint8Array): void {
    this.poem += this.decoder.decode(data, { stream: true });
  }

  /** Whatever the reason: half a poem passes for a whole one. */
  override connectionLost(): void {
    this.poem += this.decoder.decode();
    this.poemReceived(this.poem);
  }

  poemReceived(poem: string): void {
    this.factory.poemFinished(poem);
  }
}

class PoetryClientFactory extends ClientFactory {
  override protocol = PoetryProtocol;
  callback: (poem: string) => void;

  constructor(callback: (poem: string) => void) {
    super();
    this.callback = callback;
  }

  poemFinished(poem: string): void {
    this.callback(poem);
  }
}

/**
 * Gets a poem from a server, and calls `callback(poem)` when it is complete. Where the
 * server can't be reached nobody is told, and the callback is never called.
 */
export function getPoetry(
  host: string,
  port: number,
  callback: (poem: string) => void,
): void {
  const factory = new PoetryClientFactory(callback);
  reactor.connectTCP(host, port, factory);
}

async function main() {
  const { addresses, timeout } = parseArguments(ABOUT, { timeout: true });
  const poems: string[] = [];

  function gotPoem(poem: string) {
    // The reactor has stopped: it was not the server that ended the poem.
    if (!reactor.running) return;
    poems.push(poem);
    if (poems.length === addresses.length) reactor.stop();
  }

  for (const { hostname, port } of addresses) {
    getPoetry(hostname, port, gotPoem);
  }
  stopAfter(timeout);
  await reactor.run();

  for (const poem of poems) console.log(poem);
  if (poems.length < addresses.length) Deno.exitCode = 1;
}

if (import.meta.main) await main();
