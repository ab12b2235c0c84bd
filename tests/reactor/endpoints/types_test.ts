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
  type WrappingFactory,
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

/** Whether two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends
  (<T>() => T extends B ? 1 : 2) ? true : false;

Deno.test("the type of the protocol is that of the factory's protocol, or of what it builds", () => {
  const same: [
    Same<ProtocolOf<Poets>, Poet>,
    Same<ProtocolOf<Builders>, Poet>,
    Same<ProtocolOf<Factory>, Protocol>,
    Same<ProtocolOf<WrappingFactory>, ProtocolWrapper>,
    Same<ProtocolOf<{ buildProtocol(): Poet | undefined }>, Poet>,
  ] = [true, true, true, true, true];
  assertEquals(new Set(same), new Set([true]));
});

Deno.test("a deferred of an endpoint knows the class of a factory that forProtocol made", () => {
  const endpoint = new TCP4ClientEndpoint(new MemoryReactor(), "h", 80);
  const factory = ClientFactory.forProtocol(Poet);
  factory.noisy = false;
  const connected: Deferred<Poet> = endpoint.connect(factory);
  const lines: Deferred<number> = connected.addCallback((poet) => poet.lines);
  assertEquals(lines.called, false);
  const asFactory: ProtocolFactory = factory;
  assertEquals(asFactory, factory);
});
