import { assertEquals } from "@std/assert";
import {
  type Backend,
  ClientFactory,
  ConnectionDone,
  createMemoryBackend,
  Factory,
  Failure,
  type Listener,
  Protocol,
} from "../../mod.ts";
import { Program } from "../support/programs.ts";
import { makeReactor } from "../support/reactors.ts";

const ENDS = ["a delayed call", "callFromThread", "a signal", "a connection"];

for (const carrier of ["TCP", "UNIX", "TLS"]) {
  for (const how of ENDS) {
    Deno.test(`run settles with a port for ${carrier} open, stopped by ${how}`, async () => {
      const folder = await Deno.makeTempDir();
      const file = "tests/reactor/programs/run_settles.ts";
      try {
        await using program = new Program(
          file,
          [carrier, how, `${folder}/socket`],
          ["--allow-all"],
        );
        const { code, stdout, stderr } = await program.outcome();
        assertEquals([code, stdout, stderr], [0, "run returned\n", ""]);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    });
  }
}

/** A backend whose ports close when a test says so, and that counts its alarms. */
function slowToClose(close: () => void | Promise<void>): {
  backend: Backend;
  alarms: Set<unknown>;
} {
  const memory = createMemoryBackend();
  const alarms = new Set<unknown>();
  const backend: Backend = {
    ...memory,
    listen(options): Listener {
      return Object.assign(memory.listen(options), { close });
    },
    setAlarm(seconds, fn) {
      const alarm = {};
      alarms.add(alarm);
      const cancel = memory.setAlarm(seconds, () => {
        alarms.delete(alarm);
        fn();
      });
      return () => {
        alarms.delete(alarm);
        cancel();
      };
    },
  };
  return { backend, alarms };
}

function listening(): Factory {
  return Object.assign(Factory.forProtocol(Protocol), { noisy: false });
}

/** Lets the runtime see to its own events for a while. */
async function passes({ nextTurn }: Backend): Promise<void> {
  for (let pass = 0; pass < 20; pass++) {
    await new Promise<void>((resolve) => nextTurn(resolve));
  }
}

Deno.test("the program is kept alive until what is closing is closed, and no longer", async () => {
  const closed = Promise.withResolvers<void>();
  const { backend, alarms } = slowToClose(() => closed.promise);
  const { reactor } = makeReactor({ backend });
  let isSettled = false;
  const over = Promise.withResolvers<void>();
  reactor.listenTCP(0, listening());
  reactor.addSystemEventTrigger("after", "shutdown", over.resolve);
  reactor.callLater(0.01, () => reactor.stop());
  const run = reactor.run({ installSignalHandlers: false })
    .then(() => isSettled = true);
  await over.promise;
  await passes(backend);
  assertEquals([isSettled, alarms.size], [false, 1]);
  closed.resolve();
  await run;
  assertEquals(alarms.size, 0);
});

const FAULTS: Record<string, () => Promise<void>> = {
  throws: () => {
    throw new Error("no");
  },
  "gives a promise that is rejected": () => Promise.reject(new Error("no")),
};

for (const [how, close] of Object.entries(FAULTS)) {
  Deno.test(`a port whose closing ${how} is logged, and keeps nothing from its end`, async () => {
    const { backend } = slowToClose(close);
    const { reactor, errors } = makeReactor({ backend });
    const factories = [listening(), listening()];
    for (const factory of factories) reactor.listenTCP(0, factory);
    reactor.callWhenRunning(() => reactor.stop());
    await reactor.run({ installSignalHandlers: false });
    assertEquals(factories.map(({ numPorts }) => numPorts), [0, 0]);
    const logged = "Unhandled error in what was being closed: Error: no";
    assertEquals(errors, [logged, logged]);
  });

  Deno.test(`stopListening of a port whose closing ${how} fails, and its factory is told`, async () => {
    const { backend } = slowToClose(close);
    const { reactor, errors } = makeReactor({ backend });
    const factory = listening();
    const port = reactor.listenTCP(0, factory);
    const outcomes: string[] = [];
    reactor.callWhenRunning(() => {
      port.stopListening().addBoth((outcome) => {
        outcomes.push(`${outcome?.value}`);
        reactor.stop();
      });
    });
    await reactor.run({ installSignalHandlers: false });
    assertEquals([outcomes, factory.numPorts, errors], [["Error: no"], 0, []]);
  });

  Deno.test(`a connection whose closing ${how} is logged, and told its end`, async () => {
    const memory = createMemoryBackend();
    const backend: Backend = {
      ...memory,
      connect: (options, done) =>
        memory.connect(options, (outcome) => {
          if (!(outcome instanceof Error)) Object.assign(outcome, { close });
          done(outcome);
        }),
    };
    const { reactor, errors } = makeReactor({ backend });
    const ends: string[] = [];
    class Closing extends Protocol {
      override connectionMade(): void {
        this.transport.loseConnection();
      }
      override connectionLost(): void {
        ends.push("connectionLost");
        reactor.stop();
      }
    }
    const port = reactor.listenTCP(0, listening());
    const client = ClientFactory.forProtocol(Closing);
    client.noisy = false;
    reactor.connectTCP("localhost", port.getHost().port, client);
    await reactor.run({ installSignalHandlers: false });
    assertEquals(ends, ["connectionLost"]);
    assertEquals(errors, [
      "Unhandled error in what was being closed: Error: no",
    ]);
  });
}

Deno.test("a run settles when a connection that takes its time is closed", async () => {
  const memory = createMemoryBackend();
  const closed = Promise.withResolvers<void>();
  const backend: Backend = {
    ...memory,
    connect: (options, done) =>
      memory.connect(options, (outcome) => {
        const close = () => closed.promise;
        if (!(outcome instanceof Error)) Object.assign(outcome, { close });
        done(outcome);
      }),
  };
  const { reactor } = makeReactor({ backend });
  const lost = Promise.withResolvers<void>();
  class Leaving extends Protocol {
    override connectionMade(): void {
      this.transport.loseConnection();
    }
    override connectionLost(): void {
      reactor.stop();
      lost.resolve();
    }
  }
  const port = reactor.listenTCP(0, listening());
  const client = ClientFactory.forProtocol(Leaving);
  client.noisy = false;
  reactor.connectTCP("localhost", port.getHost().port, client);
  let isSettled = false;
  const run = reactor.run({ installSignalHandlers: false })
    .then(() => isSettled = true);
  await lost.promise;
  await passes(backend);
  assertEquals(isSettled, false);
  closed.resolve();
  await run;
});

Deno.test("what starts to close while another thing closes is waited for too", async () => {
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  const closing = [first.promise, second.promise];
  const { backend } = slowToClose(() => closing.shift());
  const { reactor } = makeReactor({ backend });
  let isSettled = false;
  reactor.listenTCP(0, listening());
  reactor.callWhenRunning(() => reactor.stop());
  const run = reactor.run({ installSignalHandlers: false })
    .then(() => isSettled = true);
  await passes(backend);
  const late = reactor.listenTCP(0, listening());
  late.connectionLost(new Failure(new ConnectionDone()));
  first.resolve();
  await passes(backend);
  assertEquals(isSettled, false);
  second.resolve();
  await run;
});
