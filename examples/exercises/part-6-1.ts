/**
 * Part 6, exercise 1: client 3.1, whose errback is called with an error of its own for a
 * poem that takes too long. The time counts from the first attempt to connect, and what
 * there is by then, attempt or connection, is ended.
 *
 *     deno run --allow-net examples/exercises/part-6-1.ts --timeout 5 10000 10001 10002
 *
 * @module
 */

import {
  ClientFactory,
  ConnectionDone,
  type Connector,
  type DelayedCall,
  Failure,
  Protocol,
  reactor,
} from "../../mod.ts";
import type { Address } from "../../cli/addresses.ts";
import { parseArguments } from "../../cli/client_arguments.ts";

const ABOUT = `
Client 3.1, which gives up on a poem that takes too long:

  deno run --allow-net examples/exercises/part-6-1.ts --timeout 5 10000 10001 10002
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

type Callback = (poem: string) => void;
type Errback = (failure: Failure) => void;

class PoetryClientFactory extends ClientFactory {
  override protocol = PoetryProtocol;
  #callback: Callback;
  #errback: Errback;
  #timeout: number | undefined;
  #timer: DelayedCall | undefined;
  /** Whether one of the two was called: what happens afterwards is nobody's concern. */
  #over = false;

  constructor(
    callback: Callback,
    errback: Errback,
    timeout: number | undefined,
  ) {
    super();
    this.#callback = callback;
    this.#errback = errback;
    this.#timeout = timeout;
  }

  override startedConnecting(connector: Connector) {
    const seconds = this.#timeout;
    if (seconds === undefined) return;
    this.#timer = reactor.callLater(seconds, () => {
      const error = new PoetryTimeoutError(`No whole poem in ${seconds} s`);
      this.poemFailed(new Failure(error));
      connector.disconnect();
    });
  }

  poemFinished(poem: string) {
    if (this.#endsNow()) this.#callback(poem);
  }

  poemFailed(failure: Failure) {
    if (this.#endsNow()) this.#errback(failure);
  }

  override clientConnectionFailed(_connector: Connector, reason: Failure) {
    this.poemFailed(reason);
  }

  #endsNow(): boolean {
    if (this.#over) return false;
    this.#over = true;
    if (this.#timer?.active()) this.#timer.cancel();
    return true;
  }
}

/**
 * Gets a poem, and calls either `callback` with it, or `errback` with the reason why there
 * is none: a {@linkcode PoetryTimeoutError} where it took longer than `timeout` seconds.
 */
function getPoetry(
  { hostname, port }: Address,
  timeout: number | undefined,
  { callback, errback }: { callback: Callback; errback: Errback },
) {
  const factory = new PoetryClientFactory(callback, errback, timeout);
  reactor.connectTCP(hostname, port, factory);
}

async function main() {
  const { addresses, timeout } = parseArguments(ABOUT, { timeout: true });
  const poems: string[] = [];
  let missing = addresses.length;

  function callback(poem: string) {
    poems.push(poem);
    poemDone();
  }

  function errback(failure: Failure) {
    // After Ctrl-C it is the reactor that ends connections: that is no news.
    if (!reactor.running) return;
    console.error(
      failure.check(PoetryTimeoutError)
        ? `Poem too slow: ${failure.getErrorMessage()}`
        : `Poem failed: ${failure.getErrorMessage()}`,
    );
    poemDone();
  }

  function poemDone() {
    missing--;
    if (missing === 0 && reactor.running) reactor.stop();
  }

  for (const address of addresses) {
    getPoetry(address, timeout, { callback, errback });
  }
  await reactor.run();

  for (const poem of poems) console.log(poem);
  if (poems.length < addresses.length) Deno.exitCode = 1;
}

await main();
