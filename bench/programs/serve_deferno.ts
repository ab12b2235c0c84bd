/** Serves a poem to all who connect, with a protocol of this library. */

import { Protocol, reactor, ServerFactory } from "../../mod.ts";
import { answer } from "./answer.ts";
import { poemBytes } from "./poem.ts";

const poem = poemBytes();

class PoemProtocol extends Protocol {
  override connectionMade(): void {
    this.transport.write(poem);
    this.transport.loseConnection();
  }
}

const factory = ServerFactory.forProtocol(PoemProtocol);
const port = reactor.listenTCP(0, factory, {
  interface: "127.0.0.1",
});

await Promise.all([reactor.run(), answer(port.getHost().port, () => 0)]);
