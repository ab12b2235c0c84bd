/**
 * A method that is handed on loses its object. `transport.write` alone is a function
 * without a transport: it compiles, and throws a TypeError when the deferred calls it.
 * Three servers want to send a poem, and each client says how much of it has come.
 *
 *     deno run examples/lost-this.ts
 *
 * @module
 */

import {
  ClientFactory,
  createMemoryBackend,
  type Deferred,
  Factory,
  install,
  Protocol,
  reactor,
  succeed,
  type Transport,
} from "../mod.ts";
import "./shared/output.ts";

type Answer = (poem: Deferred<Uint8Array>, transport: Transport) => void;

/** The method is called without its object, and nobody handles the error. */
const unhandled: Answer = (poem, transport) => {
  poem.addCallback(transport.write);
};

/** The same, but `addBoth` handles the error: it returns, and no failure is left. */
const swallowed: Answer = (poem, transport) => {
  poem.addCallback(transport.write);
  poem.addBoth(() => transport.loseConnection());
};

/** The function knows the transport, and calls its method. */
const correct: Answer = (poem, transport) => {
  poem.addCallback((bytes) => transport.write(bytes));
  poem.addBoth(() => transport.loseConnection());
};

class Poet extends Protocol {
  declare factory: PoetFactory;
  override connectionMade() {
    const poem = new TextEncoder().encode("The night is long.");
    this.factory.answer(succeed(poem), this.transport);
  }
}

class PoetFactory extends Factory {
  override protocol = Poet;
  readonly answer: Answer;

  constructor(answer: Answer) {
    super();
    this.answer = answer;
  }
}

/** The connections that a server closes. The third server never does. */
let closing = 2;

class Reader extends Protocol {
  declare factory: ReaderFactory;
  #received = 0;
  override dataReceived(data: Uint8Array) {
    this.#received += data.length;
  }
  override connectionLost() {
    console.log(`${this.factory.name}: ${this.#received} bytes`);
    if (--closing === 0) reactor.stop();
  }
}

class ReaderFactory extends ClientFactory {
  override protocol = Reader;
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }
}

install(createMemoryBackend());
for (const answer of [correct, swallowed, unhandled]) {
  const port = reactor.listenTCP(0, new PoetFactory(answer));
  const reader = new ReaderFactory(answer.name);
  reactor.connectTCP("poems", port.getHost().port, reader);
}
await reactor.run();
