/** Holds the connections that come in with protocols. */

import { Protocol, reactor, ServerFactory } from "../../mod.ts";
import { answer } from "./answer.ts";
import { holdsOneMore, residentMemory } from "./hold.ts";

class HoldingProtocol extends Protocol {
  override connectionMade(): void {
    holdsOneMore();
  }
}

const factory = ServerFactory.forProtocol(HoldingProtocol);
const port = reactor.listenTCP(0, factory, {
  interface: "127.0.0.1",
});

await Promise.all([reactor.run(), answer(port.getHost().port, residentMemory)]);
