import { assertEquals, assertThrows } from "@std/assert";
import { ClientFactory, Protocol } from "../../mod.ts";
import { connectProtocols } from "../../testing.ts";
import { makeReactor } from "../support/reactors.ts";

const NO_FACTORIES: [value: unknown, text: string][] = [
  [null, "null"],
  [undefined, "undefined"],
  [{}, "an Object"],
  [Protocol, "a Function"],
];

for (const [value, text] of NO_FACTORIES) {
  Deno.test(`a reactor refuses a factory that is ${text}, at the call`, () => {
    const { reactor } = makeReactor();
    const factory = value as ClientFactory;
    for (
      const call of [
        () => reactor.listenTCP(0, factory),
        () => reactor.connectTCP("localhost", 1, factory),
        () => reactor.listenUNIX("socket", factory),
        () => reactor.connectUNIX("socket", factory),
      ]
    ) {
      assertEquals(
        assertThrows(call, TypeError).message,
        `factory must be a factory, as Factory.forProtocol makes one, got ${text}`,
      );
    }
  });
}

for (const backlog of [-1, 0, 0.5, NaN]) {
  Deno.test(`a reactor refuses a backlog of ${backlog}, at the call`, () => {
    const { reactor } = makeReactor();
    const factory = new ClientFactory();
    for (
      const call of [
        () => reactor.listenTCP(0, factory, { backlog }),
        () => reactor.listenUNIX("socket", factory, { backlog }),
      ]
    ) {
      assertEquals(
        assertThrows(call, RangeError).message,
        `backlog must be an integer, 1 or more, got ${backlog}`,
      );
    }
  });
}

Deno.test("startTLS refuses options that are none, at the call", () => {
  const client = new Protocol();
  connectProtocols(client, new Protocol());
  assertEquals(
    assertThrows(() => client.transport.startTLS(null as never), TypeError)
      .message,
    "startTLS: options must be an object, got null",
  );
});
