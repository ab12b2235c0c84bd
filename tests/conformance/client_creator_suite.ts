// Connections without a factory, and factories that connect again.

import { assertEquals, assertThrows } from "@std/assert";
import {
  CancelledError,
  ClientCreator,
  ConnectionRefusedError,
  type Connector,
  type Failure,
  Protocol,
  ReconnectingClientFactory,
} from "../../mod.ts";
import type { Suite } from "./conformance.ts";
import { HOST, type Network } from "./network.ts";

/** Defines the tests. */
export function clientCreatorSuite(suite: Suite): void {
  creating(suite);
  reconnecting(suite);
}

/** A protocol that tells the network that it is connected, and is over. */
class Telling extends Protocol {
  readonly #network: Network;
  readonly #name: string;

  constructor(network: Network, name: string) {
    super();
    this.#network = network;
    this.#name = name;
  }

  override connectionMade(): void {
    this.#network.record(`${this.#name} made`);
  }

  override connectionLost(): void {
    this.#network.record(`${this.#name} lost`);
  }
}

function creating({ test }: Suite): void {
  test("ClientCreator: gives the protocol a turn after it is connected", async (net) => {
    const { port } = net.listen();
    const creator = new ClientCreator(net.reactor, Telling, net, "mine");
    creator.connectTCP(HOST, port.getHost().port).addCallback((protocol) => {
      net.record("fired");
      protocol.transport.loseConnection();
    });
    await net.runUntil("mine lost", "server connectionLost");
    const mine = net.events.filter((event) => /^(mine|fired)/.test(event));
    assertEquals(mine, ["mine made", "fired", "mine lost"]);
  });

  test("ClientCreator: makes a protocol for each connection", async (net) => {
    const { port } = net.listen();
    const creator = new ClientCreator(net.reactor, Telling, net, "mine");
    const made: Protocol[] = [];
    for (let i = 0; i < 2; i++) {
      creator.connectTCP(HOST, port.getHost().port).addCallback((protocol) => {
        made.push(protocol);
        protocol.transport.loseConnection();
      });
    }
    await net.runUntil("mine lost", "mine lost", "server connectionLost");
    assertEquals(new Set(made).size, 2);
  });

  test("ClientCreator: fails with why there is no connection", async (net) => {
    const port = await net.refusingPort();
    const types: unknown[] = [];
    new ClientCreator(net.reactor, Protocol).connectTCP(HOST, port)
      .addErrback((failure) => {
        types.push(failure.type);
        net.record("failed");
      });
    await net.runUntil("failed");
    assertEquals(types, [ConnectionRefusedError]);
  });

  test("ClientCreator: cancelling its deferred ends the attempt", async (net) => {
    const { port } = net.listen();
    const failures: Failure[] = [];
    const connected = new ClientCreator(net.reactor, Telling, net, "mine")
      .connectTCP(HOST, port.getHost().port)
      .addErrback((failure) => void failures.push(failure));
    connected.cancel();
    await net.runWith(() => net.turns(10));
    assertEquals(failures.map(({ type }) => type), [CancelledError]);
    assertEquals(net.events.includes("mine made"), false);
  });

  test("ClientCreator: cancelling its deferred as it connects closes the connection", async (net) => {
    const types: unknown[] = [];
    class Cancels extends Telling {
      override connectionMade(): void {
        connected.cancel();
      }
    }
    const { port } = net.listen();
    const connected = new ClientCreator(net.reactor, Cancels, net, "mine")
      .connectTCP(HOST, port.getHost().port)
      .addErrback((failure) => void types.push(failure.type));
    await net.runUntil("mine lost", "server connectionLost");
    assertEquals(types, [CancelledError]);
    assertEquals(net.errors, []);
  });

  test("ClientCreator: refuses an invalid port", (net) => {
    const creator = new ClientCreator(net.reactor, Protocol);
    assertThrows(() => creator.connectTCP(HOST, 0), RangeError);
  });
}

/** A factory that connects again, and tells the network of it. */
class Persistent extends ReconnectingClientFactory {
  override noisy = false;
  override jitter = undefined;
  readonly #network: Network;

  constructor(network: Network) {
    super(network.clock);
    this.#network = network;
  }

  override buildProtocol(): Protocol {
    return new Telling(this.#network, "mine");
  }

  override clientConnectionFailed(connector: Connector, why: Failure): void {
    super.clientConnectionFailed(connector, why);
    this.#network.record("failed");
  }

  override clientConnectionLost(connector: Connector, why: Failure): void {
    super.clientConnectionLost(connector, why);
    this.#network.record("over");
  }
}

function reconnecting({ test }: Suite): void {
  test("ReconnectingClientFactory: a lost connection is made again after the delay", async (net) => {
    const { port } = net.listen({
      connectionMade: ({ transport }) => transport.loseConnection(),
    });
    const factory = new Persistent(net);
    net.reactor.connectTCP(HOST, port.getHost().port, factory);
    await net.runWith(async () => {
      await net.happened("over");
      net.clock.advance(0.9);
      await net.turns(5);
      assertEquals(factory.connector?.state, "disconnected");
      const again = net.happened("mine made", "over");
      net.clock.advance(0.1);
      await again;
      factory.stopTrying();
    });
    assertEquals([factory.retries, factory.numPorts], [2, 0]);
  });

  test("ReconnectingClientFactory: an attempt is ended by stopTrying, whatever startedConnecting was overridden with", async (net) => {
    class Quiet extends Persistent {
      override startedConnecting(): void {
        net.record("connecting");
      }
    }
    const { port } = net.listen();
    const factory = new Quiet(net);
    const to = port.getHost().port;
    const connector = net.reactor.connectTCP(HOST, to, factory);
    await net.runWith(async () => {
      factory.stopTrying();
      assertEquals(connector.state, "disconnected");
      await net.turns(10);
    });
    const { events } = net;
    const told = events.filter((it) => /^(connecting|failed|mine)/.test(it));
    assertEquals(told, ["connecting", "failed"]);
    assertEquals(net.errors, []);
  });

  test("ReconnectingClientFactory: an attempt that failed is made again, until that is stopped", async (net) => {
    const factory = new Persistent(net);
    net.reactor.connectTCP(HOST, await net.refusingPort(), factory);
    await net.runWith(async () => {
      await net.happened("failed");
      for (const delay of [1, Math.E, Math.E ** 2]) {
        const again = net.happened("failed");
        net.clock.advance(delay);
        await again;
      }
      factory.stopTrying();
      assertEquals(net.reactor.getDelayedCalls(), []);
    });
    assertEquals([factory.retries, factory.numPorts], [4, 0]);
    assertEquals(net.errors, []);
  });
}
