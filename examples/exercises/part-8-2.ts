/**
 * Part 8, exercise 2: client 4.0, which names the server that failed. Callbacks and
 * errbacks can be given further arguments when they are added: here, the address.
 *
 *     deno run --allow-net examples/exercises/part-8-2.ts 10000 10001 10002
 *
 * Start a server for two of the three ports, and see what comes of the third.
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
import { type Address, formatAddress } from "../../cli/addresses.ts";
import { parseArguments } from "../../cli/client_arguments.ts";

const ABOUT = `
Client 4.0, which names the server that failed:

  deno run --allow-net examples/exercises/part-8-2.ts 10000 10001 10002
`;

class PoetryProtocol extends Protocol {
  declare factory: PoetryClientFactory;
  /** Puts characters together that a read has cut in two. */
  #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #poem = "";

  override dataReceived(data: Uint8Array) {
    this.#poem += this.#decoder.decode(data, { stream: true });
  }

  override connectionLost(reason: Failure) {
    const { deferred } = this.factory;
    if (reason.check(ConnectionDone)) {
      deferred.callback(this.#poem + this.#decoder.decode());
    } else {
      deferred.errback(reason);
    }
  }
}

class PoetryClientFactory extends ClientFactory {
  override protocol = PoetryProtocol;
  readonly deferred = new Deferred<string>();

  override clientConnectionFailed(_connector: Connector, reason: Failure) {
    this.deferred.errback(reason);
  }
}

/** Gets a poem. */
function getPoetry({ hostname, port }: Address): Deferred<string> {
  const factory = new PoetryClientFactory();
  reactor.connectTCP(hostname, port, factory);
  return factory.deferred;
}

async function main() {
  const { addresses } = parseArguments(ABOUT);
  const poems: string[] = [];
  let missing = addresses.length;

  function gotPoem(poem: string) {
    poems.push(poem);
  }

  function poemFailed(failure: Failure, address: Address) {
    // After Ctrl-C it is the reactor that ends connections: that is no news.
    if (!reactor.running) return;
    const server = formatAddress(address);
    console.error(`No poem from ${server}: ${failure.getErrorMessage()}`);
  }

  function poemDone() {
    missing--;
    if (missing === 0 && reactor.running) reactor.stop();
  }

  for (const address of addresses) {
    getPoetry(address)
      .addCallbacks(gotPoem, poemFailed, [], [address])
      .addBoth(poemDone);
  }
  await reactor.run();

  for (const poem of poems) console.log(poem);
  if (poems.length < addresses.length) Deno.exitCode = 1;
}

await main();
