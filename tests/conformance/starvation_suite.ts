// Callbacks that call back at once, again and again: I/O, the reactor's timers
// and the runtime's own events have their turn all the same.

import { assertEquals } from "@std/assert";
import {
  ClientFactory,
  Factory,
  Protocol,
  type Reactor,
  type Transport,
} from "../../mod.ts";
import { makeReactor, runReactor } from "../support/reactors.ts";
import type { Suite } from "./conformance.ts";
import { bytes, HOST, type Network } from "./network.ts";

/** Whoever has had no turn after so many rounds never has one. */
const MOST_ROUNDS = 30_000;

/** What goes round and round, as long as it is to. */
interface Round {
  readonly reactor: Reactor;
  readonly transport: Transport;
  goesOn(): boolean;
}

const PIECE = bytes("x");

/** The ways to call back at once. */
const WAYS: Record<string, (round: Round) => unknown> = {
  "callFromThread": ({ reactor, goesOn }) => {
    const next = () => {
      if (goesOn()) reactor.callFromThread(next);
    };
    next();
  },
  "callLater(0)": ({ reactor, goesOn }) => {
    const next = () => {
      if (goesOn()) reactor.callLater(0, next);
    };
    next();
  },
  "a promise of callFromThread": async ({ reactor, goesOn }) => {
    while (goesOn()) {
      await new Promise<void>((next) => reactor.callFromThread(next));
    }
  },
  "a promise of callFromThread, with a write each time": async (
    { reactor, transport, goesOn },
  ) => {
    while (goesOn()) {
      transport.write(PIECE);
      await new Promise<void>((next) => reactor.callFromThread(next));
    }
  },
  "a pull producer": ({ transport, goesOn }) => {
    transport.registerProducer({
      resumeProducing() {
        if (goesOn()) transport.write(PIECE);
        else transport.unregisterProducer();
      },
      stopProducing() {},
    }, false);
  },
  "a pull producer that is asynchronous": ({ transport, goesOn }) => {
    transport.registerProducer({
      async resumeProducing() {
        await undefined;
        if (goesOn()) transport.write(PIECE);
        else transport.unregisterProducer();
      },
      stopProducing() {},
    }, false);
  },
};

/** Defines the tests. */
export function starvationSuite({ test }: Suite): void {
  for (const [way, begin] of Object.entries(WAYS)) {
    test(`starvation: I/O, timers and the runtime have their turn beside ${way}`, async (net) => {
      await beside(net, begin);
    });
  }
}

async function beside(
  { backend }: Network,
  begin: (round: Round) => unknown,
): Promise<void> {
  // One whose timers are its own: those of a clock come when a test says so.
  const { reactor, errors } = makeReactor({ backend });
  const seen = new Set<string>();
  let rounds = 0;
  let isOver = false;
  const goesOn = () => {
    if (isOver) return false;
    isOver = seen.size === 3 || ++rounds > MOST_ROUNDS;
    if (isOver) reactor.stop();
    return !isOver;
  };

  /** Sends back what comes. */
  class Echo extends Protocol {
    override dataReceived(data: Uint8Array): void {
      this.transport.write(data);
    }
  }

  /** Asks for an answer when something has begun to go round. */
  class Asking extends Protocol {
    override connectionMade(): void {
      void begin({ reactor, transport: this.transport, goesOn });
      reactor.callLater(0.001, () => seen.add("timer"));
      backend.nextTurn(() => seen.add("runtime"));
      connect(Answered);
    }
  }

  class Answered extends Protocol {
    override connectionMade(): void {
      this.transport.write(PIECE);
    }
    override dataReceived(): void {
      seen.add("I/O");
    }
  }

  const quiet = { noisy: false };
  const server = Object.assign(Factory.forProtocol(Echo), quiet);
  const port = reactor.listenTCP(0, server, { interface: HOST });
  const connect = (protocol: new () => Protocol) => {
    const client = Object.assign(ClientFactory.forProtocol(protocol), quiet);
    reactor.connectTCP(HOST, port.getHost().port, client);
  };
  connect(Asking);
  await runReactor(reactor);
  assertEquals([[...seen].sort(), errors], [["I/O", "runtime", "timer"], []]);
}
