import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  ConnectionDone,
  LimitTotalConnectionsFactory,
  Protocol,
} from "../../../mod.ts";
import { connect, PEER, reason } from "./support.ts";

class Overflow extends Protocol {}

function makeFactory(): LimitTotalConnectionsFactory {
  const factory = LimitTotalConnectionsFactory.forProtocol(Protocol);
  factory.connectionLimit = 2;
  return factory;
}

Deno.test("LimitTotalConnectionsFactory: without a limit there is none", () => {
  const factory = LimitTotalConnectionsFactory.forProtocol(Protocol);
  for (let count = 1; count <= 100; count++) {
    connect(factory.buildProtocol(PEER));
    assertEquals(factory.connectionCount, count);
  }
});

Deno.test("LimitTotalConnectionsFactory: a connection too many is closed", () => {
  const factory = makeFactory();
  const [one] = [1, 2].map(() => connect(factory.buildProtocol(PEER)));
  assertEquals(factory.buildProtocol(PEER), null);
  assertEquals(factory.connectionCount, 2);
  one?.protocol.connectionLost(reason(new ConnectionDone()));
  assertEquals(factory.connectionCount, 1);
  assert(factory.buildProtocol(PEER));
});

Deno.test("LimitTotalConnectionsFactory: a connection too many can have a protocol", () => {
  const factory = makeFactory();
  factory.overflowProtocol = Overflow;
  const wrapped = [1, 2, 3].map(() => factory.buildProtocol(PEER)).map((it) => {
    const protocol = it?.wrappedProtocol;
    if (!(protocol instanceof Protocol)) throw new Error("No protocol");
    assertStrictEquals(protocol.factory, factory);
    return { isOverflow: protocol instanceof Overflow, protocol };
  });
  assertEquals(wrapped.map(({ isOverflow }) => isOverflow), [
    false,
    false,
    true,
  ]);
  assertEquals(factory.connectionCount, 3);
});

Deno.test("LimitTotalConnectionsFactory: what is not built is not counted", () => {
  class Failing extends LimitTotalConnectionsFactory {
    override protocol = class extends Protocol {
      constructor() {
        super();
        throw new Error("no protocol today");
      }
    };
  }
  const factory = new Failing();
  assertThrows(() => factory.buildProtocol(PEER), Error, "no protocol today");
  assertEquals(factory.connectionCount, 0);
});
