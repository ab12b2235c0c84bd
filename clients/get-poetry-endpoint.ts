/**
 * Client 4.0 with endpoints: `getPoetry(endpoint)`. An endpoint is a place to connect to, as
 * a value, and it can be made of a string: a port, a UNIX socket, a server with TLS. It
 * connects a protocol, and returns a deferred that fires with it. So the poem's deferred can
 * be the protocol's, and there is nothing left for a factory to do.
 *
 * Terminals 1 and 2, a server in each:
 *
 *     deno run --allow-net --allow-read server/fastpoetry.ts --port 10000 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read --allow-write server/fastpoetry.ts --listen unix:/tmp/poetry poetry/science.txt
 *
 * Terminal 3:
 *
 *     deno run --allow-net --allow-read --allow-write clients/get-poetry-endpoint.ts tcp:127.0.0.1:10000 unix:/tmp/poetry
 *
 * Run it without one of the servers, too.
 *
 * @module
 */

import {
  ClientFactory,
  ConnectionDone,
  Deferred,
  type Failure,
  Protocol,
  reactor,
  type StreamClientEndpoint,
} from "../mod.ts";
import { parseEndpointArguments } from "./shared/endpoint_arguments.ts";
import { stopAfter } from "./shared/stop_after.ts";

const ABOUT = `
This is the poetry client, version 4.0, with endpoints. It gets all poems at once,
and prints them:

  deno run --allow-net clients/get-poetry-endpoint.ts tcp:127.0.0.1:10000

An endpoint is tcp:HOST:PORT, unix:PATH, tls:HOST:PORT, or another that
clientFromString knows. unix: needs --allow-read and --allow-write as well. A server
for each of them has to be running; see server/fastpoetry.ts.
`;

class PoetryProtocol extends Protocol {
  /** To cancel it closes the connection. */
  deferred = new Deferred<string>(() => this.transport.abortConnection());
  poem = "";
  /** Puts characters together that a read has cut in two. */
  decoder = new TextDecoder("utf-8", { ignoreBOM: true });

  override dataReceived(data: Uint8Array): void {
    this.poem += this.decoder.decode(data, { stream: true });
  }

  override connectionLost(reason: Failure): void {
    // It was cancelled.
    if (this.deferred.called) return;
    if (!reason.check(ConnectionDone)) return this.deferred.errback(reason);
    this.poem += this.decoder.decode();
    this.deferred.callback(this.poem);
  }
}

/**
 * Gets a poem from a server. Returns a deferred that fires with the poem when it is
 * complete, or with a failure where it can't be had. To cancel it ends the attempt, or
 * closes the connection.
 */
export function getPoetry(endpoint: StreamClientEndpoint): Deferred<string> {
  return endpoint.connect(ClientFactory.forProtocol(PoetryProtocol))
    .addCallback((protocol) => protocol.deferred);
}

async function main() {
  const { addresses, timeout } = parseEndpointArguments(ABOUT, {
    timeout: true,
  });
  const poems: string[] = [];
  const errors: Failure[] = [];

  function gotPoem(poem: string) {
    poems.push(poem);
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

  for (const endpoint of addresses) {
    const d = getPoetry(endpoint);
    d.addCallbacks(gotPoem, poemFailed);
    d.addBoth(poemDone);
  }
  stopAfter(timeout);
  await reactor.run();

  for (const poem of poems) console.log(poem);
  if (poems.length < addresses.length) Deno.exitCode = 1;
}

if (import.meta.main) await main();
