import { assertEquals } from "@std/assert";
import {
  type Backend,
  Clock,
  createMemoryBackend,
  Factory,
  type Listener,
  Protocol,
  Socket,
} from "../../../mod.ts";
import { makeReactor, runWith, turns } from "../../support/reactors.ts";

/** A network whose ports cannot accept, as often as it is told to fail. */
interface Exhausted extends Backend {
  /** How many of the next attempts to accept fail. */
  failures: number;
}

function exhausted(failures: number): Exhausted {
  const backend = createMemoryBackend();
  const network: Exhausted = {
    ...backend,
    failures,
    listen(options) {
      const listener = backend.listen(options);
      const accept = (): ReturnType<Listener["accept"]> =>
        network.failures-- > 0
          ? new Error("too many open files")
          : listener.accept();
      return Object.create(listener, {
        address: { value: listener.address },
        accept: { value: accept },
        pollRead: { value: listener.pollRead.bind(listener) },
        close: { value: listener.close.bind(listener) },
      });
    },
  };
  return network;
}

/** A port of such a network, somebody who waits at it, and what is logged. */
async function waitingAt(backend: Exhausted) {
  const clock = new Clock();
  const { reactor, errors } = makeReactor({ backend, clock });
  const messages: string[] = [];
  reactor.log.addObserver(({ level, text }) => {
    if (level === "info") messages.push(text);
  });
  const made: Protocol[] = [];
  class Keeping extends Protocol {
    override connectionMade(): void {
      made.push(this);
    }
  }
  const factory = Factory.forProtocol(Keeping);
  factory.noisy = false;
  const port = reactor.listenTCP(0, factory, { interface: "127.0.0.1" });
  const connect = () => {
    const { host: hostname, port: number } = port.getHost();
    return Socket.connect({ hostname, port: number }, backend);
  };
  const socket = await connect();
  async function pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1);
      await turns(reactor, 4);
    }
  }
  return {
    reactor,
    clock,
    port,
    errors,
    messages,
    made,
    connect,
    socket,
    pass,
  };
}

Deno.test("Port: a port that cannot accept is logged once, and once when it can again", async () => {
  const at = await waitingAt(exhausted(3));
  const { reactor, errors, messages, made, socket } = at;
  const seen: number[][] = [];
  await runWith(reactor, async () => {
    await turns(reactor, 4);
    for (let second = 0; second < 5; second++) {
      seen.push([made.length, errors.length, messages.length]);
      await at.pass(1);
    }
  });
  assertEquals(seen, [[0, 1, 0], [0, 1, 0], [0, 1, 0], [1, 1, 1], [1, 1, 1]]);
  const address = `${at.port.getHost()}`;
  assertEquals(errors, [
    `Cannot accept connections to ${address} for now, trying again every second: Error: too many open files`,
  ]);
  assertEquals(messages, [`Accepting connections to ${address} again`]);
  socket.close();
});

Deno.test("Port: a port waits while it cannot accept", async () => {
  const { reactor, clock, pass, socket } = await waitingAt(exhausted(2));
  const seen: number[][] = [];
  const look = () => {
    seen.push([reactor.getReaders().length, clock.getDelayedCalls().length]);
  };
  await runWith(reactor, async () => {
    await turns(reactor, 4);
    look();
    clock.advance(0.9);
    await turns(reactor, 4);
    look();
    await pass(1);
    look();
    await pass(1);
    look();
  });
  assertEquals(seen, [[0, 1], [0, 1], [0, 1], [2, 0]]);
  socket.close();
});

Deno.test("Port: a port that fails again after it could accept is logged again", async () => {
  const backend = exhausted(1);
  const at = await waitingAt(backend);
  const { reactor, errors, messages, made, socket } = at;
  await runWith(reactor, async () => {
    await turns(reactor, 4);
    await at.pass(1);
    backend.failures = 2;
    const other = await at.connect();
    await turns(reactor, 4);
    assertEquals([made.length, errors.length, messages.length], [1, 2, 1]);
    await at.pass(2);
    assertEquals([made.length, errors.length, messages.length], [2, 2, 2]);
    other.close();
  });
  socket.close();
});

Deno.test("Port: a port that is closed while it waits stays closed, and leaves no timer", async () => {
  const at = await waitingAt(exhausted(Infinity));
  const { reactor, clock, errors, port, socket } = at;
  await runWith(reactor, async () => {
    await turns(reactor, 4);
    const stopped = port.stopListening();
    assertEquals(clock.getDelayedCalls(), []);
    await stopped;
    await at.pass(1);
    assertEquals(reactor.getReaders(), []);
  });
  assertEquals(errors.length, 1);
  socket.close();
});

Deno.test("Port: a port whose retry was cancelled can be closed", async () => {
  const at = await waitingAt(exhausted(Infinity));
  await runWith(at.reactor, async () => {
    await turns(at.reactor, 4);
    for (const call of at.clock.getDelayedCalls()) call.cancel();
    await at.port.stopListening();
  });
  assertEquals(at.errors.length, 1);
  at.socket.close();
});

Deno.test("Port: a port that waits as the reactor stops leaves no timer", async () => {
  const { reactor, clock, socket } = await waitingAt(exhausted(Infinity));
  await runWith(reactor, () => turns(reactor, 4));
  assertEquals(clock.getDelayedCalls(), []);
  socket.close();
});

Deno.test("Port: a port that waited when it was closed begins anew when it is opened again", async () => {
  const backend = exhausted(1);
  const at = await waitingAt(backend);
  const { reactor, errors, messages, made, port, socket } = at;
  await runWith(reactor, async () => {
    await turns(reactor, 4);
    await port.stopListening();
    port.startListening();
    const other = await at.connect();
    await turns(reactor, 4);
    assertEquals([made.length, errors.length, messages.length], [1, 1, 0]);
    other.close();
  });
  socket.close();
});
