/**
 * A server that dies in the middle of a poem. The system closes its connections, as the
 * server itself does at the end of a poem: a client that reads up to the end of the
 * connection takes the half for the whole. One that is told the length first does not.
 *
 * Two programs of two servers would show the same; the memory backend puts all of it into
 * one.
 *
 *     deno run examples/half-poem.ts
 *
 * @module
 */

import {
  ClientFactory,
  ConnectionDone,
  createMemoryBackend,
  Factory,
  type Failure,
  install,
  NetstringReceiver,
  Protocol,
  reactor,
} from "../mod.ts";
import "./shared/output.ts";

const POEM = new TextEncoder().encode(
  "The night is long,\nand so is the song.",
);
const HALF = POEM.subarray(0, 18);

// --- Without a length

class DyingServer extends Protocol {
  override connectionMade() {
    this.transport.write(HALF);
    this.transport.loseConnection();
  }
}

class Client extends Protocol {
  #received = 0;
  override dataReceived(data: Uint8Array) {
    this.#received += data.length;
  }
  override connectionLost(reason: Failure) {
    const isClean = reason.check(ConnectionDone) !== undefined;
    console.log(`Clean end: ${isClean}. A poem of ${this.#received} bytes?`);
  }
}

// --- With the length in front of the poem: "38:" and then 38 bytes

class DyingLengthServer extends Protocol {
  override connectionMade() {
    this.transport.write(new TextEncoder().encode(`${POEM.length}:`));
    this.transport.write(HALF);
    this.transport.loseConnection();
  }
}

class LengthClient extends NetstringReceiver {
  #poem: Uint8Array | undefined;
  override stringReceived(poem: Uint8Array) {
    this.#poem = poem;
  }
  override connectionLost(reason: Failure) {
    const isClean = reason.check(ConnectionDone) !== undefined;
    const got = this.#poem ? `A poem of ${this.#poem.length} bytes` : "No poem";
    console.log(`Clean end: ${isClean}. ${got}.`);
    reactor.stop();
  }
}

install(createMemoryBackend());

function run(server: new () => Protocol, client: new () => Protocol) {
  const port = reactor.listenTCP(0, Factory.forProtocol(server));
  const factory = ClientFactory.forProtocol(client);
  reactor.connectTCP("poems", port.getHost().port, factory);
}

run(DyingServer, Client);
run(DyingLengthServer, LengthClient);
await reactor.run();
