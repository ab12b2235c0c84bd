/**
 * Client 5.1: the same as 5.0, without try and catch. The callback is the transform itself,
 * and behind it stands an errback: it asks the failure what it is. Of the one kind it makes a
 * poem again, and the chain goes on with the callbacks; the other kind goes on to the next
 * errback. An errback is to a chain what a catch is to a block.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10000 --num-bytes 30 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/fascination.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10002 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net clients/get-poetry-5.1.ts 10000 10001 10002
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
This is the poetry client, version 5.1, with an errback for a transform that may fail.
It gets all poems at once, and prints them in lower case, by chance:

  deno run --allow-net clients/get-poetry-5.1.ts 10000 10001 10002

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

/** The transform could not be done. Here is the poem back. */
export class CannotCummingsify extends Error {
  override name = "CannotCummingsify";
  readonly poem: string;

  constructor(poem: string) {
    super("This poem cannot be cummingsified");
    this.poem = poem;
  }
}

/**
 * Writes a poem the way E. E. Cummings might have, all in lower case. One time in three
 * it throws a {@linkcode GibberishError} instead, and one time in three a
 * {@linkcode CannotCummingsify}.
 *
 * @param random says which, by a number from 0 up to 1.
 */
export function cummingsify(poem: string, random = Math.random): string {
  const choice = Math.floor(random() * 3);
  if (choice === 1) throw new GibberishError("This poem is gibberish");
  if (choice === 2) throw new CannotCummingsify(poem);
  return poem.toLowerCase();
}

async function main() {
  const { addresses, timeout } = parseArguments(ABOUT, { timeout: true });
  const poems: string[] = [];
  const errors: Failure[] = [];

  function cummingsifyFailed(failure: Failure) {
    if (!failure.check(CannotCummingsify)) return failure;
    console.log("Cummingsify failed!");
    return failure.value.poem;
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
    d.addCallback(cummingsify);
    d.addErrback(cummingsifyFailed);
    d.addCallbacks(gotPoem, poemFailed);
    d.addBoth(poemDone);
  }
  stopAfter(timeout);
  await reactor.run();

  if (poems.length < addresses.length) Deno.exitCode = 1;
}

if (import.meta.main) await main();
