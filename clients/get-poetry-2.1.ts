/**
 * Client 2.1: the same as 2.0 with less around it. The tasks have no numbers, nothing is
 * counted or timed, and in the end it prints the poems. They are text now: a read may end in
 * the middle of a character, and the decoder waits for the rest of it.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10000 --num-bytes 30 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/fascination.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10002 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net clients/get-poetry-2.1.ts 10000 10001 10002
 *
 * Everything that happens to the poems still happens in the factory. Client 3.0 takes it out
 * of there.
 *
 * @module
 */

import { ClientFactory, type Connector, Protocol, reactor } from "../mod.ts";
import { parseArguments } from "../cli/client_arguments.ts";
import { stopAfter } from "./shared/stop_after.ts";

const ABOUT = `
This is the poetry client, version 2.1: the same as 2.0 with less around it. It gets
all poems at once, and prints them:

  deno run --allow-net clients/get-poetry-2.1.ts 10000 10001 10002

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
  poems: string[] = [];
  /** How many poems are still to come. */
  poetryCount: number;

  constructor(poetryCount: number) {
    super();
    this.poetryCount = poetryCount;
  }

  poemFinished(poem?: string): void {
    // The reactor has stopped: it was not the server that ended the poem.
    if (!reactor.running) return;
    if (poem !== undefined) this.poems.push(poem);
    this.poetryCount--;
    if (this.poetryCount === 0) reactor.stop();
  }

  override clientConnectionFailed(connector: Connector): void {
    console.log(`Failed to connect to: ${connector.getDestination()}`);
    this.poemFinished();
  }

  report(): void {
    for (const poem of this.poems) console.log(poem);
  }
}

async function main() {
  const { addresses, timeout } = parseArguments(ABOUT, { timeout: true });

  const factory = new PoetryClientFactory(addresses.length);
  for (const { hostname, port } of addresses) {
    reactor.connectTCP(hostname, port, factory);
  }
  stopAfter(timeout);
  await reactor.run();

  factory.report();
  if (factory.poems.length < addresses.length) Deno.exitCode = 1;
}

if (import.meta.main) await main();
