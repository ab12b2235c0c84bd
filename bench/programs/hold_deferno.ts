/** Holds the connections that come in with protocols. */

import { Protocol, reactor, ServerFactory } from "../../mod.ts";
import { answer } from "./answer.ts";
import { checkHeld, residentMemory } from "./hold.ts";

let held = 0;

class HoldingProtocol extends Protocol {
  override connectionMade(): void {
    held++;
  }
}

const factory = ServerFactory.forProtocol(HoldingProtocol);
const port = reactor.listenTCP(0, factory, {
  interface: "127.0.0.1",
  backlog: 511,
});

async function memory(): Promise<number> {
  checkHeld(held);
  return await residentMemory();
}

await Promise.all([reactor.run(), answer(port.getHost().port, memory)]);
