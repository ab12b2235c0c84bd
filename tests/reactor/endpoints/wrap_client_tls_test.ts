import {
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  clientFromString,
  connectProtocol,
  Factory,
  HostnameEndpoint,
  IPv4Address,
  NoProtocol,
  Protocol,
  TCP4ClientEndpoint,
  wrapClientTLS,
} from "../../../mod.ts";
import {
  MemoryReactor,
  MemoryReactorClock,
  StringTransport,
} from "../../../testing.ts";
import { makeReactor, runReactor } from "../../support/reactors.ts";
import { knows, QuietFactory } from "./support.ts";

const ADDRESS = new IPv4Address("TCP", "192.0.2.1", 443);

/** A protocol that notes what is called, and whether there is TLS by then. */
class Noting extends Protocol {
  calls: string[] = [];

  override connectionMade(): void {
    const { startedTLS } = this.transport as StringTransport;
    this.calls.push(`connectionMade, with TLS: ${startedTLS !== undefined}`);
  }

  override handshakeCompleted(): void {
    this.calls.push("handshakeCompleted");
  }
}

Deno.test("wrapClientTLS starts TLS before the protocol hears of its connection", () => {
  const reactor = new MemoryReactor();
  const endpoint = wrapClientTLS(
    { hostname: "h.test" },
    new TCP4ClientEndpoint(reactor, "192.0.2.1", 443),
  );
  const noting = new Noting();
  const connected: unknown[] = [];
  connectProtocol(endpoint, noting).addCallback((protocol) => {
    connected.push(protocol);
  });
  const protocol = reactor.tcpClients[0]?.factory.buildProtocol(ADDRESS);
  const transport = new StringTransport();
  protocol?.makeConnection(transport);
  assertEquals(transport.startedTLS, { hostname: "h.test" });
  assertEquals(noting.calls, ["connectionMade, with TLS: true"]);
  assertStrictEquals(connected[0], noting);
  protocol?.handshakeCompleted?.();
  assertEquals(noting.calls.at(-1), "handshakeCompleted");
});

Deno.test("wrapClientTLS wraps any endpoint", () => {
  const reactor = new MemoryReactorClock();
  reactor.installNameResolver(knows(["192.0.2.1"]));
  const endpoint = wrapClientTLS(
    { verify: false },
    new HostnameEndpoint(reactor, "h.test", 443),
  );
  const factory = new QuietFactory();
  const outcomes: unknown[] = [];
  endpoint.connect(factory).addErrback(({ value }) => {
    outcomes.push(value);
  });
  assertEquals(factory.numPorts, 1);
  factory.buildProtocol = () => null as never;
  reactor.tcpClients[0]?.factory.buildProtocol(ADDRESS);
  assertInstanceOf(outcomes[0], NoProtocol);
});

Deno.test("wrapClientTLS needs the name of the host, if that is to be checked", () => {
  const endpoint = new TCP4ClientEndpoint(new MemoryReactor(), "h", 443);
  assertThrows(
    () => wrapClientTLS({}, endpoint),
    TypeError,
    "TLS over an endpoint needs the hostname that the server's certificate has to be for",
  );
});

Deno.test("tls: where the backend has no TLS is the failure, not logged, and the protocol hears of no connection", async () => {
  const { reactor, errors } = makeReactor();
  reactor.listenTCP(443, Factory.forProtocol(Protocol));
  const calls: string[] = [];
  const protocol = new class extends Protocol {
    override connectionMade(): void {
      calls.push("connectionMade");
    }
    override connectionLost(): void {
      calls.push("connectionLost");
    }
  }();
  connectProtocol(clientFromString(reactor, "tls:h.test:443"), protocol)
    .addErrback((failure) => {
      calls.push(failure.getErrorMessage());
      reactor.callLater(0, () => reactor.stop());
    });
  await runReactor(reactor);
  assertEquals(calls, [
    "Cannot use TLS: the backend memory has none. connectTCP and listenTCP do without",
  ]);
  assertEquals(errors, []);
});
