/**
 * Client 4.0, stopped at the first poem that is complete: it prints the stack inside
 * `gotPoem`, and ends. Read it from the bottom up: the reactor's loop, the transport, the
 * protocol, the factory, the deferred, and at last the callback. Firing a deferred is nothing
 * but calling functions: there is no waiting in between, and no other loop.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10000 --num-bytes 30 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/fascination.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10002 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net clients/get-poetry-4-stack.ts 10000 10001 10002
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
This is the poetry client, version 4.0, with a stack: it prints who called it as the
first poem was complete, and ends:

  deno run --allow-net clients/get-poetry-4-stack.ts 10000 10001 10002

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

async function main() {
  const { addresses, timeout } = parseArguments(ABOUT, { timeout: true });
  const poems: string[] = [];
  const errors: Failure[] = [];

  function gotPoem() {
    // All of it: V8 would leave out what is below the first ten calls.
    Error.stackTraceLimit = Infinity;
    console.log(new Error("The stack when the first poem is there:").stack);
    Deno.exit();
  }

  function poemFailed(failure: Failure) {
    console.error(`Poem failed: ${failure}`);
    errors.push(failure);
  }

  function poemDone() {
    const done = poems.length + errors.length;
    // Where Ctrl-C has stopped the reactor, that is why the rest has failed.
    if (done === addresses.length && reactor.running) reactor.stop();
  }

  for (const { hostname, port } of addresses) {
    const d = getPoetry(hostname, port);
    d.addCallbacks(gotPoem, poemFailed);
    d.addBoth(poemDone);
  }
  stopAfter(timeout);
  await reactor.run();

  for (const poem of poems) console.log(poem);
  if (poems.length < addresses.length) Deno.exitCode = 1;
}

if (import.meta.main) await main();
