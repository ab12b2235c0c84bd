import { assertEquals, assertInstanceOf } from "@std/assert";
import {
  ConnectingCancelledError,
  Deferred,
  DNSLookupError,
  type NameResolver,
  TCP6ClientEndpoint,
} from "../../../mod.ts";
import { MemoryReactor } from "../../../testing.ts";
import { knows, QuietFactory } from "./support.ts";

/** Begins to connect to a host whose addresses the resolver knows. */
function connect(resolver: NameResolver) {
  const reactor = new MemoryReactor();
  reactor.installNameResolver(resolver);
  const outcomes: unknown[] = [];
  const connected = new TCP6ClientEndpoint(reactor, "h", 80, { timeout: 5 })
    .connect(new QuietFactory())
    .addErrback(({ value }) => void outcomes.push(value));
  return { reactor, connected, outcomes };
}

Deno.test("TCP6ClientEndpoint connects to the first address in IPv6", () => {
  const { reactor } = connect(knows(["192.0.2.1", "::1", "::2"]));
  assertEquals(reactor.tcpClients.map(({ host, timeout }) => [host, timeout]), [
    ["::1", 5],
  ]);
});

Deno.test("a host that has no address in IPv6 is a DNSLookupError", () => {
  const { outcomes, reactor } = connect(knows(["192.0.2.1"]));
  assertInstanceOf(outcomes[0], DNSLookupError);
  assertEquals(outcomes.map(String), [
    "DNSLookupError: Cannot connect to h:80: the host has no address in IPv6",
  ]);
  assertEquals(reactor.tcpClients, []);
});

Deno.test("cancelling a TCP6ClientEndpoint ends the look-up, or the attempt", () => {
  const looking = connect({ resolveHostName: () => new Deferred() });
  const connecting = connect(knows(["::1"]));
  for (const { connected, outcomes, reactor } of [looking, connecting]) {
    connected.cancel();
    assertInstanceOf(outcomes[0], ConnectingCancelledError);
    assertEquals(reactor.getDelayedCalls(), []);
  }
  const addresses = [looking, connecting].map(({ outcomes: [error] }) =>
    `${(error as ConnectingCancelledError).address}`
  );
  assertEquals(addresses, [
    "HostnameAddress(hostname='h', port=80)",
    "IPv6Address(type='TCP', host='::1', port=80, flowInfo=0, scopeID=0)",
  ]);
});
