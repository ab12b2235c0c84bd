import { assert, assertEquals, assertFalse } from "@std/assert";
import {
  ClientFactory,
  createMemoryBackend,
  Factory,
  type Pollable,
  Protocol,
} from "../../../mod.ts";
import { denoBackend } from "../../../reactor/backends/deno/backend.ts";
import {
  closeDescriptor,
  findDescriptor,
  openDescriptor,
} from "../../../reactor/loop/descriptors.ts";
import { highestDescriptor } from "../../support/descriptors.ts";
import { makeReactor, runReactor } from "../../support/reactors.ts";

const NOTHING: Pollable = { pollRead() {}, pollWrite() {} };

Deno.test("descriptors: a number finds what was opened, until it is closed", () => {
  const number = openDescriptor(NOTHING);
  assert(number > 2);
  assert(findDescriptor(number) === NOTHING);
  closeDescriptor(number);
  closeDescriptor(number);
  assertEquals(findDescriptor(number), undefined);
  assertEquals(findDescriptor(-1), undefined);
});

Deno.test("descriptors: no two that are open have the same number", () => {
  const numbers = new Set<number>();
  for (let i = 0; i < 10; i++) {
    const number = openDescriptor(NOTHING);
    assertFalse(numbers.has(number));
    numbers.add(number);
  }
  numbers.forEach(closeDescriptor);
});

for (const backend of [denoBackend, createMemoryBackend()]) {
  Deno.test(`descriptors: ${backend.name}: ports and connections give their numbers back`, async () => {
    const before = highestDescriptor();
    const { reactor } = makeReactor({ backend });
    let connections = 0;
    class Closing extends Protocol {
      override connectionMade(): void {
        this.transport.loseConnection();
      }
    }
    class Again extends ClientFactory {
      override noisy = false;
      override protocol = Protocol;
      override clientConnectionLost(connector: { connect(): void }): void {
        if (++connections < 50) connector.connect();
        else reactor.stop();
      }
    }
    const server = Factory.forProtocol(Closing);
    const port = reactor.listenTCP(0, server, { interface: "127.0.0.1" });
    reactor.connectTCP("127.0.0.1", port.getHost().port, new Again());
    await runReactor(reactor);
    assertEquals(connections, 50);
    assertEquals(highestDescriptor(), before);
  });
}
