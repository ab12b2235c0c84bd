/**
 * How much of everything there is in a reactor, twice: when three clients have a line from
 * a server, and when all of it is over. The network is one in memory.
 *
 *     deno run examples/census.ts
 *
 * @module
 */

import {
  Census,
  ClientFactory,
  createMemoryBackend,
  Factory,
  Protocol,
  Reactor,
} from "../mod.ts";
import "./shared/output.ts";

class Poet extends Protocol {
  override connectionMade(): void {
    this.transport.write(new TextEncoder().encode("I taste a liquor"));
  }
}

let lines = 0;

class Reader extends Protocol {
  override dataReceived(): void {
    if (++lines < 3) return;
    console.log(`${census}`);
    reactor.stop();
  }
}

const reactor = new Reactor({ backend: createMemoryBackend() });
const census = new Census();
reactor.addInstrument(census);

const port = reactor.listenTCP(0, Factory.forProtocol(Poet));
for (let i = 0; i < 3; i++) {
  const readers = ClientFactory.forProtocol(Reader);
  reactor.connectTCP("127.0.0.1", port.getHost().port, readers);
}
await reactor.run();
console.log(`${census}`);
