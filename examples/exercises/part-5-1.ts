/**
 * Part 5, exercise 1: client 2.0, which gives a poem up that takes too long. The protocol
 * asks the reactor to call it later, and closes its connection then; if the poem comes in
 * time, it takes the call back. Either way `connectionLost` follows.
 *
 *     deno run --allow-net examples/exercises/part-5-1.ts --timeout 5 10000 10001 10002
 *
 * @module
 */

import {
  ClientFactory,
  ConnectionDone,
  type Connector,
  type DelayedCall,
  type Failure,
  Protocol,
  reactor,
} from "../../mod.ts";
import { parseArguments } from "../../cli/client_arguments.ts";

const ABOUT = `
Client 2.0, which gives up on a poem that takes too long:

  deno run --allow-net examples/exercises/part-5-1.ts --timeout 5 10000 10001 10002
`;

class PoetryProtocol extends Protocol {
  declare factory: PoetryClientFactory;
  /** Puts characters together that a read has cut in two. */
  #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  #poem = "";
  #timer: DelayedCall | undefined;
  #gaveUp = false;

  override connectionMade() {
    const { timeout } = this.factory;
    if (timeout === undefined) return;
    this.#timer = reactor.callLater(timeout, () => this.#giveUp(timeout));
  }

  override dataReceived(data: Uint8Array) {
    this.#poem += this.#decoder.decode(data, { stream: true });
  }

  override connectionLost(reason: Failure) {
    if (this.#timer?.active()) this.#timer.cancel();
    if (this.#gaveUp) return;
    if (reason.check(ConnectionDone)) {
      this.factory.poemFinished(this.#poem + this.#decoder.decode());
    } else {
      this.factory.poemFailed(reason.getErrorMessage());
    }
  }

  #giveUp(seconds: number) {
    this.#gaveUp = true;
    this.transport.loseConnection();
    this.factory.poemFailed(`no whole poem in ${seconds} s`);
  }
}

class PoetryClientFactory extends ClientFactory {
  override protocol = PoetryProtocol;
  readonly poems: string[] = [];
  #missing: number;

  readonly timeout: number | undefined;

  constructor(poems: number, timeout: number | undefined) {
    super();
    this.timeout = timeout;
    this.#missing = poems;
  }

  poemFinished(poem: string) {
    this.poems.push(poem);
    this.#oneLess();
  }

  poemFailed(reason: string) {
    // After Ctrl-C it is the reactor that ends connections: that is no news.
    if (!reactor.running) return;
    console.error(`Poem failed: ${reason}`);
    this.#oneLess();
  }

  override clientConnectionFailed(_connector: Connector, reason: Failure) {
    this.poemFailed(reason.getErrorMessage());
  }

  #oneLess() {
    this.#missing--;
    if (this.#missing === 0) reactor.stop();
  }
}

async function main() {
  const { addresses, timeout } = parseArguments(ABOUT, { timeout: true });
  const factory = new PoetryClientFactory(addresses.length, timeout);
  for (const { hostname, port } of addresses) {
    reactor.connectTCP(hostname, port, factory);
  }
  await reactor.run();

  for (const poem of factory.poems) console.log(poem);
  if (factory.poems.length < addresses.length) Deno.exitCode = 1;
}

await main();
