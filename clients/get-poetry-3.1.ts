/**
 * Client 3.1: a callback for the poem, and an errback for what went wrong instead. Now main
 * hears of every poem, one way or the other, and nothing hangs. And the protocol asks why its
 * connection was lost: half a poem goes to the errback, and doesn't pass for a whole one.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10000 --num-bytes 30 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/fascination.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10002 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net clients/get-poetry-3.1.ts 10000 10001 10002
 *
 * Run it without one of the servers, too.
 *
 * @module
 */

import {
  ClientFactory,
  ConnectionDone,
  type Connector,
  type Failure,
  Protocol,
  reactor,
} from "../mod.ts";
import { parseArguments } from "../cli/client_arguments.ts";
import { stopAfter } from "./shared/stop_after.ts";

const ABOUT = `
This is the poetry client, version 3.1, with a callback and an errback. It gets all
poems at once, and prints them:

  deno run --allow-net clients/get-poetry-3.1.ts 10000 10001 10002

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

  override connectionLost(reason: Failure): void {
    if (!reason.check(ConnectionDone)) return this.factory.poemFailed(reason);
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
  errback: (failure: Failure) => void;

  constructor(
    callback: (poem: string) => void,
    errback: (failure: Failure) => void,
  ) {
    super();
    this.callback = callback;
    this.errback = errback;
  }

  poemFinished(poem: string): void {
    this.callback(poem);
  }

  poemFailed(reason: Failure): void {
    this.errback(reason);
  }

  override clientConnectionFailed(_: Connector, reason: Failure): void {
    this.poemFailed(reason);
  }
}

/**
 * Gets a poem from a server, and calls `callback(poem)` when it is complete, or
 * `errback(failure)` where it can't be had.
 */
export function getPoetry(
  host: string,
  port: number,
  callback: (poem: string) => void,
  errback: (failure: Failure) => void,
): void {
  const factory = new PoetryClientFactory(callback, errback);
  reactor.connectTCP(host, port, factory);
}

async function main() {
  const { addresses, timeout } = parseArguments(ABOUT, { timeout: true });
  const poems: string[] = [];
  const errors: Failure[] = [];

  function gotPoem(poem: string) {
    poems.push(poem);
    poemDone();
  }

  function poemFailed(failure: Failure) {
    console.error(`Poem failed: ${failure}`);
    errors.push(failure);
    poemDone();
  }

  function poemDone() {
    const done = poems.length + errors.length;
    // Where Ctrl-C has stopped the reactor, that is why the rest has failed.
    if (done === addresses.length && reactor.running) reactor.stop();
  }

  for (const { hostname, port } of addresses) {
    getPoetry(hostname, port, gotPoem, poemFailed);
  }
  stopAfter(timeout);
  await reactor.run();

  for (const poem of poems) console.log(poem);
  if (poems.length < addresses.length) Deno.exitCode = 1;
}

if (import.meta.main) await main();
