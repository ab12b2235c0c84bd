import {
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
} from "@std/assert";
import {
  ClientFactory,
  ConnectingCancelledError,
  ConnectionLost,
  type Connector,
  ConnectTimeoutError,
  Failure,
  IPv4Address,
  Protocol,
  type ProtocolLike,
  TCP4ClientEndpoint,
} from "../../mod.ts";
import { connectTo } from "../../clients/shared/connect_to.ts";
import { MemoryReactorClock, StringTransport } from "../../testing.ts";

const ADDRESS = new IPv4Address("TCP", "192.0.2.1", 10000);

/** A factory that notes what it hears, and of which connector. */
class Noting extends ClientFactory {
  override protocol = Protocol;
  override noisy = false;
  readonly heard: string[] = [];
  readonly connectors: Set<Connector> = new Set();
  reason: unknown;

  override startedConnecting(connector: Connector): void {
    this.#note("startedConnecting", connector);
  }

  override clientConnectionFailed(connector: Connector, why: Failure): void {
    this.#note("clientConnectionFailed", connector, why);
  }

  override clientConnectionLost(connector: Connector, why: Failure): void {
    this.#note("clientConnectionLost", connector, why);
  }

  #note(what: string, connector: Connector, reason?: Failure): void {
    this.heard.push(what);
    this.connectors.add(connector);
    this.reason = reason?.value;
  }
}

/** Begins to connect a factory to an endpoint, in memory. */
function connecting() {
  const reactor = new MemoryReactorClock();
  const endpoint = new TCP4ClientEndpoint(reactor, "h", 10000, { timeout: 5 });
  const factory = new Noting();
  const address = {
    text: "tcp:h:10000:timeout=5",
    endpoint,
    socket: undefined,
  };
  const connector = connectTo(address, factory);
  return { reactor, factory, connector };
}

/** Lets the attempt succeed: gives the protocol as its transport has it. */
function succeed(reactor: MemoryReactorClock): {
  protocol: ProtocolLike | null | undefined;
  transport: StringTransport;
} {
  const transport = new StringTransport();
  const protocol = reactor.tcpClients[0]?.factory.buildProtocol(ADDRESS);
  protocol?.makeConnection(transport);
  return { protocol, transport };
}

Deno.test("a factory hears from the connector of an endpoint when the connection is lost", () => {
  const { reactor, factory, connector } = connecting();
  assertEquals(connector.state, "connecting");
  const { protocol } = succeed(reactor);
  assertEquals(connector.state, "connected");
  const reason = new ConnectionLost();
  protocol?.connectionLost(new Failure(reason));
  assertEquals(factory.heard, ["startedConnecting", "clientConnectionLost"]);
  assertStrictEquals(factory.reason, reason);
  assertEquals([...factory.connectors], [connector]);
  assertEquals([connector.state, connector.transport], [
    "disconnected",
    undefined,
  ]);
});

Deno.test("a factory hears from the connector of an endpoint that there is no connection", () => {
  const { reactor, factory, connector } = connecting();
  reactor.advance(5);
  assertEquals(factory.heard, ["startedConnecting", "clientConnectionFailed"]);
  assertInstanceOf(factory.reason, ConnectTimeoutError);
  assertEquals(connector.state, "disconnected");
});

Deno.test("the connector of an endpoint ends the attempt, or the connection", () => {
  const { factory, connector, reactor } = connecting();
  reactor.advance(0);
  connector.disconnect();
  assertInstanceOf(factory.reason, ConnectingCancelledError);
  assertEquals([connector.state, factory.numPorts], ["disconnected", 0]);
  assertEquals(reactor.getDelayedCalls(), []);

  const other = connecting();
  const { transport } = succeed(other.reactor);
  other.connector.disconnect();
  assertEquals(transport.disconnecting, true);
});

Deno.test("the destination of an endpoint's connector is its string", () => {
  const { connector } = connecting();
  assertEquals(`${connector.getDestination()}`, "tcp:h:10000:timeout=5");
});
