/**
 * The proxy of Part 19: poetry-proxy.ts, whose clients may go away. A client's deferred is
 * cancelled when its connection is lost. All clients that come while the poem is on its way
 * wait for the same download, and that is cancelled when the last of them has gone: the slow
 * server needs not send what nobody wants.
 *
 * `getPoem` always returns a deferred here: `succeed` makes one that has fired.
 *
 * Terminals 1 and 2, a server in each:
 *
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10000 poetry/science.txt
 *     deno run --allow-net examples/later/poetry-proxy-2.ts --port 10001 10000
 *
 * Terminal 3: Ctrl-C, before the poem is there.
 *
 *     nc 127.0.0.1 10001
 *
 * @module
 */

import {
  CancelledError,
  Deferred,
  type Failure,
  Protocol,
  reactor,
  ServerFactory,
  succeed,
} from "../../mod.ts";
import type { Address } from "../../cli/addresses.ts";
import { getPoem } from "./shared/get_poetry.ts";
import { listen } from "./shared/listen.ts";
import { parseProxyArguments } from "./shared/proxy_arguments.ts";

const ABOUT = `
This is the poetry proxy of Part 19. It gets a poem from another server once, and
sends it to whoever connects. Where nobody waits for it any more, it cancels:

  deno run --allow-net examples/later/poetry-proxy-2.ts --port 10001 10000
`;

class ProxyService {
  readonly server: Address;
  #poem: Uint8Array | undefined;
  /** Set while the poem is on its way. */
  #download: Deferred<void> | undefined;
  #waiting = new Set<Deferred<Uint8Array>>();

  constructor(server: Address) {
    this.server = server;
  }

  /** A poem of this client's own: to cancel it concerns nobody else. */
  getPoem(): Deferred<Uint8Array> {
    if (this.#poem !== undefined) {
      console.log("Using the cached poem.");
      return succeed(this.#poem);
    }
    const d = new Deferred<Uint8Array>(() => this.#leave(d));
    this.#waiting.add(d);
    if (this.#download !== undefined) {
      console.log("Waiting for the same download.");
    }
    this.#download ??= this.#startDownload();
    return d;
  }

  #startDownload(): Deferred<void> {
    console.log("Fetching the poem from the server.");
    const { hostname, port } = this.server;
    return getPoem(hostname, port).addCallbacks(
      (poem) => {
        this.#poem = poem;
        for (const d of this.#finish()) d.callback(poem);
      },
      (failure) => {
        for (const d of this.#finish()) d.errback(failure);
      },
    );
  }

  /** Those who have waited. */
  #finish(): Deferred<Uint8Array>[] {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.#download = undefined;
    return waiting;
  }

  #leave(d: Deferred<Uint8Array>): void {
    this.#waiting.delete(d);
    if (this.#waiting.size > 0) return;
    console.log("Nobody waits any more: the download is cancelled.");
    this.#download?.cancel();
  }
}

class PoetryProxyProtocol extends Protocol {
  declare factory: PoetryProxyFactory;
  #poem: Deferred<void> | undefined;

  override connectionMade(): void {
    this.#poem = this.factory.service.getPoem()
      .addCallback((poem) => this.transport.write(poem))
      .addErrback((failure) => this.#noPoem(failure))
      .addBoth(() => this.transport.loseConnection());
  }

  /** To cancel what has fired does nothing. */
  override connectionLost(): void {
    this.#poem?.cancel();
  }

  #noPoem(failure: Failure): void {
    if (failure.check(CancelledError)) return;
    console.log(`There is no poem: ${failure.getErrorMessage()}`);
  }
}

class PoetryProxyFactory extends ServerFactory {
  override protocol = PoetryProxyProtocol;
  readonly service: ProxyService;

  constructor(service: ProxyService) {
    super();
    this.service = service;
  }
}

async function main() {
  const { server, name, options } = parseProxyArguments(ABOUT);
  listen(new PoetryProxyFactory(new ProxyService(server)), name, options);
  await reactor.run();
}

if (import.meta.main) await main();
