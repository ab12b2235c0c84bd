/**
 * Part 8, exercise 1: client 4.0, which gives a poem up that takes too long. A deferred
 * can do that by itself: `addTimeout` cancels it when the time is up, its canceller ends
 * the connection, and an error of our own takes the place of the deferred's.
 *
 *     deno run --allow-net examples/exercises/part-8-1.ts --timeout 5 10000 10001 10002
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
} from "../../mod.ts";
import type { Address } from "../../cli/addresses.ts";
import { parseArguments } from "../../cli/client_arguments.ts";

const ABOUT = `
Client 4.0, which gives up on a poem that takes too long:

  deno run --allow-net examples/exercises/part-8-1.ts --timeout 5 10000 10001 10002
`;

/** A poem took longer than it may. */
class PoetryTimeoutError extends Error {
  override name = "PoetryTimeoutError";
}

class PoetryProtocol extends Protocol {
  declare factory: PoetryClientFactory;
  /** Puts characters together that a read has cut in two. */
  #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #poem = "";

  override dataReceived(data: Uint8Array) {
    this.#poem += this.#decoder.decode(data, { stream: true });
  }

  override connectionLost(reason: Failure) {
    if (reason.check(ConnectionDone)) {
      this.factory.poemFinished(this.#poem + this.#decoder.decode());
    } else {
      this.factory.poemFailed(reason);
    }
  }
}

class PoetryClientFactory extends ClientFactory {
  override protocol = PoetryProtocol;
  /** There until it is fired, which is once; a cancelled one has its error already. */
  #deferred: Deferred<string> | undefined;

  constructor(deferred: Deferred<string>) {
    super();
    this.#deferred = deferred;
  }

  poemFinished(poem: string) {
    this.#take()?.callback(poem);
  }

  poemFailed(reason: Failure) {
    this.#take()?.errback(reason);
  }

  override clientConnectionFailed(_connector: Connector, reason: Failure) {
    this.poemFailed(reason);
  }

  #take(): Deferred<string> | undefined {
    const deferred = this.#deferred;
    this.#deferred = undefined;
    return deferred?.called ? undefined : deferred;
  }
}

/** Gets a poem. To cancel the deferred is to end the connection. */
function getPoetry({ hostname, port }: Address): Deferred<string> {
  const d = new Deferred<string>(() => connector.disconnect());
  const factory = new PoetryClientFactory(d);
  const connector = reactor.connectTCP(hostname, port, factory);
  return d;
}

async function main() {
  const { addresses, timeout } = parseArguments(ABOUT, { timeout: true });
  const poems: string[] = [];
  let missing = addresses.length;

  function gotPoem(poem: string) {
    poems.push(poem);
  }

  function poemFailed(failure: Failure) {
    // After Ctrl-C it is the reactor that ends connections: that is no news.
    if (!reactor.running) return;
    console.error(
      failure.check(PoetryTimeoutError)
        ? `Poem too slow: ${failure.getErrorMessage()}`
        : `Poem failed: ${failure.getErrorMessage()}`,
    );
  }

  function poemDone() {
    missing--;
    if (missing === 0 && reactor.running) reactor.stop();
  }

  for (const address of addresses) {
    const d = getPoetry(address);
    if (timeout !== undefined) d.addTimeout(timeout, reactor, tooSlow);
    d.addCallbacks(gotPoem, poemFailed);
    d.addBoth(poemDone);
  }
  await reactor.run();

  for (const poem of poems) console.log(poem);
  if (poems.length < addresses.length) Deno.exitCode = 1;
}

function tooSlow(_result: unknown, seconds: number): never {
  throw new PoetryTimeoutError(`No whole poem in ${seconds} s`);
}

await main();
