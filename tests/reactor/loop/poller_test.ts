import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  type Backend,
  CONNECTION_DONE,
  CONNECTION_LOST,
  ConnectionDone,
  ConnectionLost,
  createMemoryBackend,
  type DescriptorStatus,
  Factory,
  type Failure,
  type Port,
  Protocol,
  type Reactor,
  runtimeBackend,
  select,
  Socket,
} from "../../../mod.ts";
import { makeReactor, runWith, turns } from "../../support/reactors.ts";

/** What a test does when its descriptor is called. */
interface Behaviour {
  doRead?(watched: Watched): unknown;
  doWrite?(watched: Watched): unknown;
  connectionLost?(watched: Watched, reason: Failure): unknown;
}

/** A reader and writer over a socket, that counts its calls. */
class Watched {
  reads = 0;
  writes = 0;
  readonly reasons: Failure[] = [];
  readonly socket: Socket;
  readonly #behaviour: Behaviour;

  constructor(socket: Socket, behaviour: Behaviour = {}) {
    this.socket = socket;
    this.#behaviour = behaviour;
  }

  fileno(): number {
    return this.socket.fileno();
  }

  logPrefix(): string {
    return "Watched";
  }

  doRead(): DescriptorStatus {
    this.reads++;
    return this.#behaviour.doRead?.(this) as DescriptorStatus;
  }

  doWrite(): DescriptorStatus {
    this.writes++;
    return this.#behaviour.doWrite?.(this) as DescriptorStatus;
  }

  connectionLost(reason: Failure): void {
    this.reasons.push(reason);
    return this.#behaviour.connectionLost?.(this, reason) as void;
  }
}

/** A port whose connections greet, and sockets that are connected to it. */
class Stage {
  readonly reactor: Reactor;
  readonly errors: string[];
  readonly port: Port;
  readonly #backend: Backend;
  readonly #sockets: Socket[] = [];

  constructor(backend: Backend, greeting: string) {
    const { reactor, errors } = makeReactor({ backend });
    class Greeting extends Protocol {
      override connectionMade(): void {
        this.transport.write(new TextEncoder().encode(greeting));
      }
    }
    const factory = Factory.forProtocol(Greeting);
    factory.noisy = false;
    this.reactor = reactor;
    this.errors = errors;
    this.port = reactor.listenTCP(0, factory, { interface: "127.0.0.1" });
    this.#backend = backend;
  }

  /** Connects a socket, for the reactor to watch. Can be called by itself. */
  readonly connect = async (behaviour?: Behaviour): Promise<Watched> => {
    const { host: hostname, port } = this.port.getHost();
    const socket = await Socket.connect({ hostname, port }, this.#backend);
    this.#sockets.push(socket);
    return new Watched(socket, behaviour);
  };

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }
}

/** Defines a test on a backend with sockets and on one without. */
function test(
  name: string,
  body: (stage: Stage) => Promise<void>,
  greeting = "Science! true daughter",
): void {
  const backends: Backend[] = [runtimeBackend, createMemoryBackend()];
  for (const backend of backends) {
    Deno.test(`Poller, ${backend.name}: ${name}`, async () => {
      const stage = new Stage(backend, greeting);
      try {
        await runWith(stage.reactor, () => body(stage));
      } finally {
        stage.close();
      }
    });
  }
}

/** A promise, and what a descriptor calls to settle it. */
function signal(): { happened: Promise<void>; happen: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { happened: promise, happen: resolve };
}

test("a reader is called when there is something to read, and again while there is", async ({ reactor, connect }) => {
  const { happened, happen } = signal();
  const reader = await connect({
    doRead({ socket, reads }) {
      if (reads < 5) assertEquals(socket.recv(1).length, 1);
      if (reads === 5) happen();
    },
  });
  reactor.addReader(reader);
  await happened;
  assert(reader.reads >= 5);
});

test(
  "a reader with nothing to read is not called",
  async ({ reactor, connect }) => {
    const silent = await connect();
    const talking = await connect({
      doRead: ({ reads }) => {
        if (reads === 5) happen();
      },
    });
    const { happened, happen } = signal();
    reactor.addReader(silent);
    reactor.addReader(talking);
    silent.socket.send(new Uint8Array(1));
    await Promise.race([happened, turns(reactor, 5)]);
    assertEquals(silent.reads, 0);
  },
  "",
);

test("a writer is called while there is room to write", async ({ reactor, connect }) => {
  const { happened, happen } = signal();
  const writer = await connect({
    doWrite(it) {
      if (it.writes < 3) return;
      reactor.removeWriter(it);
      happen();
    },
  });
  reactor.addWriter(writer);
  await happened;
  await turns(reactor, 3);
  assertEquals([writer.reads, writer.writes], [0, 3]);
});

test("adding is idempotent, and removing what was not added does nothing", async ({ reactor, connect }) => {
  const watched = await connect();
  reactor.removeReader(watched);
  reactor.removeWriter(watched);
  for (let time = 0; time < 2; time++) {
    reactor.addReader(watched);
    reactor.addWriter(watched);
  }
  const isWatched = (it: unknown) => it === watched;
  assertEquals(reactor.getReaders().filter(isWatched).length, 1);
  assertEquals(reactor.getWriters().filter(isWatched).length, 1);
  reactor.removeReader(watched);
  assertEquals(reactor.getReaders().includes(watched), false);
  assertEquals(reactor.getWriters().includes(watched), true);
  reactor.removeWriter(watched);
  assertEquals(reactor.getWriters().includes(watched), false);
});

for (const nothing of [undefined, null, 0, false, ""]) {
  test(`a doRead that returns ${JSON.stringify(nothing)} goes on`, async ({ reactor, connect }) => {
    const { happened, happen } = signal();
    const reader = await connect({
      doRead({ reads }) {
        if (reads === 3) happen();
        return nothing;
      },
    });
    reactor.addReader(reader);
    await happened;
    assertEquals(reader.reasons, []);
    reactor.removeReader(reader);
  });
}

const ENDS: [name: string, status: unknown, type: unknown][] = [
  ["CONNECTION_DONE", CONNECTION_DONE, ConnectionDone],
  ["CONNECTION_LOST", CONNECTION_LOST, ConnectionLost],
  ["another ConnectionDone", new ConnectionDone("so it was"), ConnectionDone],
  ["another error", new RangeError("out of range"), RangeError],
  ["-1", -1, Number],
  ["true", true, Boolean],
];

for (const what of ["doRead", "doWrite"] as const) {
  for (const [name, status, type] of ENDS) {
    test(`a ${what} that returns ${name} has ended its connection`, async ({ reactor, errors, connect }) => {
      const { happened, happen } = signal();
      const seen: boolean[] = [];
      const watched = await connect({
        [what]: () => status,
        connectionLost(it) {
          seen.push(reactor.getReaders().includes(it));
          seen.push(reactor.getWriters().includes(it));
          happen();
        },
      });
      if (what === "doRead") reactor.addReader(watched);
      else reactor.addWriter(watched);
      await happened;
      await turns(reactor, 2);
      assertEquals(watched.reasons.length, 1);
      assertEquals(watched.reasons[0]?.type, type);
      assertEquals(seen, [false, false]);
      assertEquals(errors, []);
    });
  }

  test(`a ${what} that throws is logged, and has ended its connection`, async ({ reactor, errors, connect }) => {
    const { happened, happen } = signal();
    const oops = new Error("oops");
    const watched = await connect({
      [what]: () => {
        throw oops;
      },
      connectionLost: happen,
    });
    reactor.addReader(watched);
    reactor.addWriter(watched);
    await happened;
    await turns(reactor, 2);
    assertEquals(watched.reasons.length, 1);
    assertStrictEquals(watched.reasons[0]?.value, oops);
    assertEquals(
      errors.at(-1),
      `Unhandled error in ${what} of Watched: Error: oops`,
    );
    assertEquals(reactor.getReaders().includes(watched), false);
    assertEquals(reactor.getWriters().includes(watched), false);
  });
}

// --- Calls that take their time

for (const what of ["doRead", "doWrite"] as const) {
  for (const [name, status, type] of ENDS.slice(0, 4)) {
    test(`a promise out of a ${what} that gives ${name} has ended its connection`, async ({ reactor, errors, connect }) => {
      const { happened, happen } = signal();
      const watched = await connect({
        [what]: async () => {
          await undefined;
          return status;
        },
        connectionLost: happen,
      });
      if (what === "doRead") reactor.addReader(watched);
      else reactor.addWriter(watched);
      await happened;
      await turns(reactor, 2);
      assertEquals(watched.reasons.map(({ type }) => type), [type]);
      assertEquals([watched.reads + watched.writes, errors], [1, []]);
    });
  }

  test(`a rejection of what a ${what} gave is logged, and has ended its connection`, async ({ reactor, errors, connect }) => {
    const { happened, happen } = signal();
    const watched = await connect({
      [what]: () => Promise.reject(new Error("oops")),
      connectionLost: happen,
    });
    if (what === "doRead") reactor.addReader(watched);
    else reactor.addWriter(watched);
    await happened;
    await turns(reactor, 2);
    assertEquals(watched.reasons.length, 1);
    assertEquals(errors, [
      `Unhandled error in ${what} of Watched: Error: oops`,
    ]);
  });

  test(`a ${what} is not called again before its promise has settled, and then is`, async ({ reactor, connect }) => {
    const pending = Promise.withResolvers<void>();
    const { happened, happen } = signal();
    const again = signal();
    const watched = await connect({
      [what]({ reads, writes }: Watched) {
        if (reads + writes > 1) {
          reactor.removeReader(watched);
          reactor.removeWriter(watched);
          return again.happen();
        }
        happen();
        return pending.promise;
      },
    });
    if (what === "doRead") reactor.addReader(watched);
    else reactor.addWriter(watched);
    await happened;
    await turns(reactor, 5);
    assertEquals(watched.reads + watched.writes, 1);
    pending.resolve();
    await again.happened;
  });
}

for (const outcome of ["is rejected", "gives CONNECTION_DONE"]) {
  test(`a call whose connection is over before its promise ${outcome} ends it no second time`, async ({ reactor, errors, connect }) => {
    const pending = Promise.withResolvers<DescriptorStatus>();
    const { happened, happen } = signal();
    const over = signal();
    const watched = await connect({
      doRead: () => (happen(), pending.promise),
      doWrite: () => CONNECTION_LOST,
      connectionLost: over.happen,
    });
    reactor.addReader(watched);
    await happened;
    reactor.addWriter(watched);
    await over.happened;
    const isRejected = outcome === "is rejected";
    if (isRejected) pending.reject(new Error("oops"));
    else pending.resolve(CONNECTION_DONE);
    await turns(reactor, 5);
    assertEquals(watched.reasons.map(({ type }) => type), [ConnectionLost]);
    const logged = "Unhandled error in doRead of Watched: Error: oops";
    assertEquals(errors, isRejected ? [logged] : []);
  });
}

test("a rejection of what connectionLost gave is logged", async ({ reactor, errors, connect }) => {
  const { happened, happen } = signal();
  const watched = await connect({
    doRead: () => CONNECTION_DONE,
    connectionLost: () => (happen(), Promise.reject(new Error("oops"))),
  });
  reactor.addReader(watched);
  await happened;
  await turns(reactor, 2);
  assertEquals(errors, [
    "Unhandled error in connectionLost of Watched: Error: oops",
  ]);
});

// --- A writer and what it hands over

test("a writer that is added again within its call is called when what it sent has gone", async ({ reactor, connect }) => {
  const { happened, happen } = signal();
  const sizes: unknown[] = [];
  const watched = await connect({
    doWrite(it) {
      reactor.addWriter(it);
      if (it.writes > 3) {
        reactor.removeWriter(it);
        return happen();
      }
      sizes.push(it.socket.send(new Uint8Array(10)));
    },
  });
  reactor.addWriter(watched);
  await happened;
  assertEquals(sizes, [10, 10, 10]);
});

// --- Half of a connection

/** A reader that goes on as a writer when there is nothing more to read. */
async function half(
  { reactor, connect }: Stage,
  behaviour: Behaviour,
  lost: (reason: Failure, watched: Watched) => void,
): Promise<Watched> {
  const watched: Watched = Object.assign(await connect(behaviour), {
    readConnectionLost: (reason: Failure) => lost(reason, watched),
  });
  reactor.addReader(watched);
  reactor.addWriter(watched);
  return watched;
}

for (
  const [name, status] of [
    ["CONNECTION_DONE", CONNECTION_DONE],
    ["another ConnectionDone", new ConnectionDone("so it was")],
  ] as const
) {
  test(`with a readConnectionLost, ${name} ends only the reading`, async (stage) => {
    const { reactor, errors } = stage;
    const { happened, happen } = signal();
    const told: unknown[] = [];
    const watched = await half(
      stage,
      { doRead: () => status },
      (reason, it) => {
        told.push(reason.value, reactor.getReaders().includes(it));
        happen();
      },
    );
    await happened;
    const { writes } = watched;
    while (watched.writes < writes + 3) {
      await new Promise<void>((next) => reactor.callLater(0, next));
    }
    assertEquals([told, watched.reasons], [[status, false], []]);
    assertEquals([watched.reads, errors], [1, []]);
    assertEquals(reactor.getWriters().includes(watched), true);
    reactor.removeWriter(watched);
  });
}

const WHOLE_ENDS: [name: string, behaviour: Behaviour, type: unknown][] = [
  ["a doRead that is lost", { doRead: () => CONNECTION_LOST }, ConnectionLost],
  ["a doRead that fails", { doRead: () => new RangeError() }, RangeError],
  [
    "a doWrite that is done",
    { doWrite: () => CONNECTION_DONE },
    ConnectionDone,
  ],
];

for (const [name, behaviour, type] of WHOLE_ENDS) {
  test(`${name} ends the whole connection, also with a readConnectionLost`, async (stage) => {
    const { reactor } = stage;
    const { happened, happen } = signal();
    let halves = 0;
    const all = { ...behaviour, connectionLost: happen };
    const watched = await half(stage, all, () => halves++);
    await happened;
    assertEquals([halves, watched.reasons.length], [0, 1]);
    assertEquals(watched.reasons[0]?.type, type);
    assertEquals(reactor.getReaders().includes(watched), false);
    assertEquals(reactor.getWriters().includes(watched), false);
  });
}

test("an error in readConnectionLost is logged, and has ended the connection", async (stage) => {
  const { reactor, errors } = stage;
  const { happened, happen } = signal();
  const oops = new Error("oops");
  const watched = await half(stage, {
    doRead: () => CONNECTION_DONE,
    connectionLost: happen,
  }, () => {
    throw oops;
  });
  await happened;
  assertEquals(watched.reasons.map(({ value }) => value), [oops]);
  assertEquals(errors, [
    "Unhandled error in readConnectionLost of Watched: Error: oops",
  ]);
  assertEquals(reactor.getWriters().includes(watched), false);
});

test("an error in connectionLost or in logPrefix is logged, and no more", async ({ reactor, errors, connect }) => {
  const { happened, happen } = signal();
  const first = await connect({
    doRead: () => CONNECTION_DONE,
    connectionLost() {
      happen();
      throw new Error("oops");
    },
  });
  first.logPrefix = () => {
    throw new Error("no name");
  };
  reactor.addReader(first);
  await happened;
  await turns(reactor, 2);
  assertEquals(errors, [
    "Unhandled error in connectionLost of a descriptor without a name: Error: oops",
  ]);
});

test("a reader that another removes in the same pass is not called", async ({ reactor, connect }) => {
  const { happened, happen } = signal();
  const both: Watched[] = [];
  const removeOther = (it: Watched) => {
    for (const other of both) if (other !== it) reactor.removeReader(other);
    happen();
  };
  for (let i = 0; i < 2; i++) both.push(await connect({ doRead: removeOther }));
  // Once both have something to read, both are ready in the first pass.
  const [one, other] = both as [Watched, Watched];
  await readable(one, other);
  reactor.addReader(one);
  reactor.addReader(other);
  await happened;
  await turns(reactor, 3);
  assertEquals(Math.min(one.reads, other.reads), 0);
});

test("a reader that is removed and added again in one pass is called once for it", async ({ reactor, connect }) => {
  const { happened, happen } = signal();
  const received: number[] = [];
  const reader = await connect({
    doRead(it) {
      // Throws if there is nothing to read.
      received.push(it.socket.recv(1000).length);
      happen();
    },
  });
  await readable(reader);
  reactor.addReader(reader);
  for (let time = 0; time < 3; time++) {
    reactor.callFromThread(() => {
      reactor.addWriter(reader);
      reactor.removeReader(reader);
      reactor.addReader(reader);
      reactor.removeWriter(reader);
    });
  }
  await happened;
  await turns(reactor, 5);
  assertEquals([received.length, reader.reasons.length], [1, 0]);
});

test("a descriptor must be open to be added", async ({ reactor, connect }) => {
  const watched = await connect();
  watched.socket.close();
  assertThrows(() => reactor.addReader(watched), RangeError, "Watched");
  assertThrows(() => reactor.addWriter(watched), RangeError);
  assertEquals(reactor.getReaders().includes(watched), false);
});

test("removeAll removes all readers and writers, without calling them", async ({ reactor, connect, port }) => {
  const watched = await connect();
  reactor.addReader(watched);
  reactor.addWriter(watched);
  const removed = reactor.removeAll();
  assertEquals(removed.filter((it) => it === watched).length, 1);
  assert(removed.includes(port));
  assertEquals([reactor.getReaders(), reactor.getWriters()], [[], []]);
  await turns(reactor, 3);
  assertEquals([watched.reads, watched.writes, watched.reasons.length], [
    0,
    0,
    0,
  ]);
});

for (const backend of [runtimeBackend, createMemoryBackend()]) {
  Deno.test(`Poller, ${backend.name}: a reactor that stops calls connectionLost of its readers and writers, each once`, async () => {
    const stage = new Stage(backend, "");
    const { reactor } = stage;
    const watched = await stage.connect();
    const order: string[] = [];
    reactor.addSystemEventTrigger("before", "shutdown", () => {
      order.push(`before ${watched.reasons.length}`);
    });
    reactor.addSystemEventTrigger("during", "shutdown", () => {
      order.push(`during ${watched.reasons.length}`);
    });
    await runWith(reactor, () => {
      reactor.addReader(watched);
      reactor.addWriter(watched);
    });
    assertEquals(order, ["before 0", "during 1"]);
    assertInstanceOf(watched.reasons[0]?.value, ConnectionLost);
    assertEquals([reactor.getReaders(), reactor.getWriters()], [[], []]);
    stage.close();
  });
}

// --- Fairness

test("a writer that is always ready starves neither readers nor timers, nor the runtime", async ({ reactor, connect }) => {
  const { happened, happen } = signal();
  const writer = await connect();
  reactor.addWriter(writer);
  const reader = await connect({ doRead: happen });
  reactor.addReader(reader);
  await happened;
  await new Promise<void>((resolve) => reactor.callLater(0.001, resolve));
  await new Promise<void>((resolve) => setTimeout(resolve, 0));
  reactor.removeReader(reader);
  reactor.removeWriter(writer);
});

/** Waits until there is something to read for each. */
async function readable(...all: Watched[]): Promise<void> {
  for (const { socket } of all) await select([socket], []);
}
