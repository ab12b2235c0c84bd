/**
 * Client 5.0: a chain of callbacks. Each poem goes through a transform before it is printed,
 * and the transform can fail in two ways, by chance. Where it has a bug, the poem is printed
 * as it came; that is caught with try and catch, inside the callback. Where it finds the poem
 * to be gibberish, the error goes down the chain, to the errback.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10000 --num-bytes 30 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/fascination.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10002 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net clients/get-poetry-5.ts 10000 10001 10002
 *
 * Run it a few times: no two runs are alike. The poems are printed as they come.
 *
 * @module
 */

import {
  ClientFactory,
  ConnectionDone,
  type Connector,
  Deferred,
  type Failure,
  Protocol,
  reactor,
} from "../mod.ts";
import { parseArguments } from "../cli/client_arguments.ts";
import { stopAfter } from "./shared/stop_after.ts";

const ABOUT = `
This is the poetry client, version 5.0, with a transform that may fail. It gets all
poems at once, and prints them in lower case, by chance:

  deno run --allow-net clients/get-poetry-5.ts 10000 10001 10002

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
  deferred: Deferred<string>;

  constructor(deferred: Deferred<string>) {
    super();
    this.deferred = deferred;
  }

  poemFinished(poem: string): void {
    this.deferred.callback(poem);
  }

  poemFailed(reason: Failure): void {
    this.deferred.errback(reason);
  }

  override clientConnectionFailed(_: Connector, reason: Failure): void {
    this.poemFailed(reason);
  }
}

/**
 * Gets a poem from a server. Returns a deferred that fires with the poem when it is
 * complete, or with a failure where it can't be had.
 */
export function getPoetry(host: string, port: number): Deferred<string> {
  const d = new Deferred<string>();
  const factory = new PoetryClientFactory(d);
  reactor.connectTCP(host, port, factory);
  return d;
}

/** The poem makes no sense to the transform. */
export class GibberishError extends Error {
  override name = "GibberishError";
}

/**
 * Writes a poem the way E. E. Cummings might have, all in lower case. One time in three
 * it throws a {@linkcode GibberishError} instead, and one time in three it has a bug.
 *
 * @param random says which, by a number from 0 up to 1.
 */
export function cummingsify(poem: string, random = Math.random): string {
  const choice = Math.floor(random() * 3);
  if (choice === 1) throw new GibberishError("This poem is gibberish");
  if (choice === 2) throw new TypeError("This is a bug in the transform");
  return poem.toLowerCase();
}

async function main() {
  const { addresses, timeout } = parseArguments(ABOUT, { timeout: true });
  const poems: string[] = [];
  const errors: Failure[] = [];

  function tryToCummingsify(poem: string) {
    try {
      return cummingsify(poem);
    } catch (error) {
      if (error instanceof GibberishError) throw error;
      console.log("Cummingsify failed!");
      return poem;
    }
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
  stopAfter(timeout);
  await reactor.run();

  if (poems.length < addresses.length) Deno.exitCode = 1;
}

if (import.meta.main) await main();
