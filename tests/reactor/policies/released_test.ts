import { assertEquals } from "@std/assert";
import {
  Factory,
  Protocol,
  ProtocolWrapper,
  WrappingFactory,
} from "../../../mod.ts";
import { ForwardingProtocol } from "../../../reactor/endpoints/connecting.ts";
import { StringTransport } from "../../../testing.ts";

class Counting extends Protocol {
  override readonly releasesData = true;
}

function wrap(protocol: Protocol): ProtocolWrapper {
  const factory = new WrappingFactory(Factory.forProtocol(Protocol));
  return new ProtocolWrapper(factory, protocol);
}

Deno.test("ProtocolWrapper: it has released its data where the wrapped protocol has", () => {
  assertEquals(wrap(new Counting()).releasesData, true);
  assertEquals(wrap(new Protocol()).releasesData, false);
});

Deno.test("ProtocolWrapper: the protocol that has taken the wrapped one's place is asked", () => {
  const wrapper = wrap(new Counting());
  wrapper.wrappedProtocol = new Protocol();
  assertEquals(wrapper.releasesData, false);
});

Deno.test("ProtocolWrapper: what goes to its readable stream is kept", () => {
  const wrapper = wrap(new Counting());
  wrapper.makeConnection(new StringTransport());
  assertEquals(wrapper.releasesData, true);
  assertEquals(wrapper.readable.locked, false);
  assertEquals(wrapper.releasesData, false);
});

Deno.test("ProtocolWrapper: a subclass that keeps its data says so", () => {
  class Keeping extends ProtocolWrapper {
    override readonly releasesData = false;
  }
  const factory = new WrappingFactory(Factory.forProtocol(Protocol));
  assertEquals(new Keeping(factory, new Counting()).releasesData, false);
});

Deno.test("ForwardingProtocol: it has released its data where the other protocol has", () => {
  const forward = (protocol: Protocol) =>
    new ForwardingProtocol(protocol, () => {});
  assertEquals(forward(new Counting()).releasesData, true);
  assertEquals(forward(new Protocol()).releasesData, false);
});
