import { assertEquals } from "@std/assert";
import {
  type Address,
  ClientFactory,
  type Deferred,
  Factory,
  Protocol,
  type ProtocolFactory,
  type ProtocolOf,
  type ProtocolWrapper,
  TCP4ClientEndpoint,
  WrappingFactory,
} from "../../../mod.ts";
import { MemoryReactor } from "../../../testing.ts";

class Poet extends Protocol {
  lines = 0;
}

class Poets extends ClientFactory {
  override protocol = Poet;
}

class Builders extends Factory {
  override buildProtocol(_address: Address): Poet | null {
    return null;
  }
}

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;

/** Compiles where the protocol of a factory is of exactly this type. */
function assertType<F extends ProtocolFactory, P>(
  _factory: F,
  _same: Same<ProtocolOf<F>, P>,
): void {}

Deno.test("endpoints: the type of the protocol is that of the factory's protocol, or of what it builds", () => {
  assertType<Poets, Poet>(new Poets(), true);
  assertType<Builders, Poet>(new Builders(), true);
  assertType<Factory, Protocol>(new Factory(), true);
  const wrapping = new WrappingFactory(new Factory());
  assertType<WrappingFactory, ProtocolWrapper>(wrapping, true);
  const literal = { buildProtocol: (): Poet | undefined => undefined };
  assertType<typeof literal, Poet>(literal, true);
});

Deno.test("endpoints: a deferred of an endpoint knows the class of a factory that forProtocol made", () => {
  const endpoint = new TCP4ClientEndpoint(new MemoryReactor(), "h", 80);
  const factory = ClientFactory.forProtocol(Poet);
  factory.noisy = false;
  const connected: Deferred<Poet> = endpoint.connect(factory);
  const lines: Deferred<number> = connected.addCallback((poet) => poet.lines);
  assertEquals(lines.called, false);
  const asFactory: ProtocolFactory = factory;
  assertEquals(asFactory, factory);
});
