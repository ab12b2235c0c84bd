/**
 * The caching proxy of Part 14: it gets the poem of another server once, and sends it to all
 * of its own clients. A poem from the cache is there at once, the first one is not: so
 * `getPoem` returns either a poem or a deferred, and `maybeDeferred` makes a deferred of
 * both. To the protocol they are the same: callbacks of a deferred that has fired already
 * run as they are added.
 *
 * Terminals 1 and 2, a server in each:
 *
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10000 poetry/science.txt
 *     deno run --allow-net examples/later/poetry-proxy.ts --port 10001 10000
 *
 * Terminal 3, twice: the second time is faster.
 *
 *     deno run --allow-net clients/get-poetry-4.ts 10001
 *
 * Ctrl-C ends the proxy.
 *
 * @module
 */

import {
  type Deferred,
  maybeDeferred,
  Protocol,
  reactor,
  ServerFactory,
} from "../../mod.ts";
import type { Address } from "../../cli/addresses.ts";
import { getPoem } from "./shared/get_poetry.ts";
import { listen } from "./shared/listen.ts";
import { parseProxyArguments } from "./shared/proxy_arguments.ts";

const ABOUT = `
This is the poetry proxy of Part 14. It gets a poem from another server once, and
sends it to whoever connects:

  deno run --allow-net examples/later/poetry-proxy.ts --port 10001 10000
`;

class ProxyService {
  readonly server: Address;
  /** The cache. */
  #poem: Uint8Array | undefined;

  constructor(server: Address) {
    this.server = server;
  }

  getPoem(): Uint8Array | Deferred<Uint8Array> {
    if (this.#poem !== undefined) {
      console.log("Using the cached poem.");
      return this.#poem;
    }
    console.log("Fetching the poem from the server.");
    const { hostname, port } = this.server;
    return getPoem(hostname, port).addCallback((poem) => this.#poem = poem);
  }
}

class PoetryProxyProtocol extends Protocol {
  declare factory: PoetryProxyFactory;

  override connectionMade(): void {
    maybeDeferred(() => this.factory.service.getPoem())
      .addCallback((poem) => this.transport.write(poem))
      .addErrback((failure) => {
        console.log(`There is no poem: ${failure.getErrorMessage()}`);
      })
      .addBoth(() => this.transport.loseConnection());
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
