/**
 * Client 2.0: transports, protocols and factories. No socket is in sight any more. The
 * transport is the connection, and the reactor's; the protocol, one for each connection, is
 * told what comes over it; the factory makes the protocols, and keeps what they share.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10000 --num-bytes 30 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/fascination.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10002 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net clients/get-poetry-2.ts 10000 10001 10002
 *
 * Run it without one of the servers, too: the other poems still come. With `--timeout 5` it
 * gives up what hasn't come in five seconds.
 *
 * @module
 */

import {
  type Address,
  ClientFactory,
  type Connector,
  Protocol,
  reactor,
} from "../mod.ts";
import { parseArguments } from "../cli/client_arguments.ts";
import { formatElapsed } from "../cli/elapsed.ts";
import { byteLength } from "./shared/pieces.ts";
import { stopAfter } from "./shared/stop_after.ts";

const ABOUT = `
This is the poetry client, version 2.0, with a protocol and a factory. It gets all
poems at once:

  deno run --allow-net clients/get-poetry-2.ts 10000 10001 10002

A server for each of them has to be running; see server/slowpoetry.ts.
`;

class PoetryProtocol extends Protocol {
  declare factory: PoetryClientFactory;
  poem: Uint8Array[] = [];
  taskNum = 0;

  override dataReceived(data: Uint8Array): void {
    this.poem.push(data);
    const peer = this.transport.getPeer();
    console.log(
      `Task ${this.taskNum}: got ${data.length} bytes of poetry from ${peer}`,
    );
  }

  /** Whatever the reason: half a poem passes for a whole one. */
  override connectionLost(): void {
    this.poemReceived(this.poem);
  }

  poemReceived(poem: Uint8Array[]): void {
    this.factory.poemFinished(this.taskNum, poem);
  }
}

class PoetryClientFactory extends ClientFactory {
  override protocol = PoetryProtocol;
  taskNum = 1;
  /** The poems, by their tasks' numbers. */
  poems = new Map<number, Uint8Array[]>();
  /** How many poems are still to come. */
  poetryCount: number;

  constructor(poetryCount: number) {
    super();
    this.poetryCount = poetryCount;
  }

  override buildProtocol(address: Address): Protocol | null | undefined {
    const protocol = super.buildProtocol(address);
    if (protocol instanceof PoetryProtocol) protocol.taskNum = this.taskNum++;
    return protocol;
  }

  poemFinished(taskNum?: number, poem?: Uint8Array[]): void {
    // The reactor has stopped: it was not the server that ended the poem.
    if (!reactor.running) return;
    if (taskNum !== undefined && poem !== undefined) {
      console.log(`Task ${taskNum} finished`);
      this.poems.set(taskNum, poem);
    }
    this.poetryCount--;
    if (this.poetryCount === 0) reactor.stop();
  }

  override clientConnectionFailed(connector: Connector): void {
    console.log(`Failed to connect to: ${connector.getDestination()}`);
    this.poemFinished();
  }

  report(): void {
    const poems = [...this.poems].sort(([a], [b]) => a - b);
    for (const [taskNum, poem] of poems) {
      console.log(`Task ${taskNum}: ${byteLength(poem)} bytes of poetry`);
    }
  }
}

async function main() {
  const { addresses, timeout } = parseArguments(ABOUT, { timeout: true });
  const begin = performance.now();

  const factory = new PoetryClientFactory(addresses.length);
  for (const { hostname, port } of addresses) {
    reactor.connectTCP(hostname, port, factory);
  }
  stopAfter(timeout);
  await reactor.run();

  const elapsed = formatElapsed(performance.now() - begin);
  factory.report();
  console.log(`Got ${factory.poems.size} poems in ${elapsed}`);
  if (factory.poems.size < addresses.length) Deno.exitCode = 1;
}

if (import.meta.main) await main();
