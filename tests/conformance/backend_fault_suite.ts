// Backends that throw where they were to tell an outcome, and backends of any
// form.

import { assertEquals, assertThrows } from "@std/assert";
import {
  type Backend,
  ConnectionRefusedError,
  type Stream,
} from "../../mod.ts";
import { certificates } from "../support/certificates.ts";
import type { Suite } from "./conformance.ts";
import { fail, HOST, Network, Oops } from "./network.ts";

/** Defines the tests. */
export function backendFaultSuite(suite: Suite): void {
  attempts(suite);
  lookups(suite);
  ports(suite);
  instances(suite);
}

/** The same backend, but for some of its methods. */
function changed(backend: Backend, changes: Partial<Backend>): Backend {
  return { ...backend, ...changes };
}

const FAILED = [
  "doStart",
  "startFactory",
  "startedConnecting",
  "clientConnectionFailed Oops",
  "doStop",
  "stopFactory",
];

const oops = () => fail(new Oops("no"));

/** The ways to connect, each to what a backend may be unable to do. */
const CONNECTS: Record<string, (net: Network, factory: ClientSide) => unknown> =
  {
    connectTCP: ({ reactor }, factory) => reactor.connectTCP(HOST, 1, factory),
    connectSSL: ({ reactor }, factory) => reactor.connectSSL(HOST, 1, factory),
    connectUNIX: ({ reactor }, factory) => reactor.connectUNIX("/x", factory),
  };

type ClientSide = ReturnType<Network["side"]>;

function attempts({ test }: Suite): void {
  for (const [name, connect] of Object.entries(CONNECTS)) {
    test(`backend fault: a ${name} whose backend throws has failed with that error`, async ({ backend }) => {
      const faulty = { connect: oops, connectPath: oops };
      const net = new Network(changed(backend, faulty));
      const client = net.side("client");
      connect(net, client);
      await net.runUntil("client stopFactory");
      assertEquals([client.events, net.errors], [FAILED, []]);
    });
  }

  test("backend fault: an attempt whose backend throws what is no error has failed all the same", async ({ backend }) => {
    const net = new Network(changed(backend, {
      connect: () => {
        const no: unknown = "no";
        throw no;
      },
    }));
    const client = net.side("client");
    net.reactor.connectTCP(HOST, 1, client);
    await net.runUntil("client clientConnectionFailed ConnectError");
    assertEquals(net.errors, []);
  });

  test("backend fault: an attempt that cannot be cancelled has failed, and the log is told", async ({ backend }) => {
    const net = new Network(changed(backend, {
      connect: () => ({ cancel: oops }),
    }));
    const client = net.side("client");
    const connector = net.reactor.connectTCP(HOST, 1, client);
    net.reactor.callFromThread(() => connector.stopConnecting());
    await net.runUntil("client clientConnectionFailed UserError");
    assertEquals(net.errors.length, 1);
  });

  test("backend fault: a backend that tells the outcome before it returns is heard", async ({ backend }) => {
    const net = new Network(changed(backend, {
      connect(_options, done) {
        done(new Oops("at once"));
        return { cancel() {} };
      },
    }));
    const client = net.side("client");
    net.reactor.connectTCP(HOST, 1, client);
    await net.runUntil("client stopFactory");
    assertEquals([client.events, net.errors], [FAILED, []]);
  });

  test("backend fault: an attempt whose backend throws when it is over already has failed once", async ({ backend }) => {
    let end = () => {};
    const net = new Network(changed(backend, {
      connect() {
        end();
        return oops();
      },
    }));
    const client = net.side("client");
    const connector = net.reactor.connectTCP(HOST, 1, client);
    end = () => connector.stopConnecting();
    await net.runUntil("client stopFactory");
    const failed = client.events.filter((it) => it.includes("Failed"));
    assertEquals(failed, ["clientConnectionFailed UserError"]);
  });

  test("backend fault: what a backend throws behind the outcome changes nothing", async ({ backend }) => {
    const net = new Network(changed(backend, {
      connect(_options, done) {
        done(new ConnectionRefusedError("first"));
        return oops();
      },
    }));
    const client = net.side("client");
    net.reactor.connectTCP(HOST, 1, client);
    await net.runUntil("client stopFactory");
    const failed = client.events.filter((it) => it.includes("Failed"));
    assertEquals(failed, ["clientConnectionFailed ConnectionRefusedError"]);
  });

  test("backend fault: an attempt whose TLS throws when it is laid over the connection has failed", async ({ backend }) => {
    const net = new Network(changed(backend, { prepareTLS: () => oops }));
    const { port } = net.listen();
    const client = net.side("client");
    net.reactor.connectSSL(HOST, port.getHost().port, client);
    await net.runUntil("client stopFactory");
    assertEquals([client.events, net.errors], [FAILED, []]);
  });
}

function lookups({ test }: Suite): void {
  test("backend fault: a look-up whose backend throws has failed with a DNSLookupError", async ({ backend }) => {
    const net = new Network(changed(backend, { lookup: oops }));
    const outcomes: unknown[] = [];
    await net.runWith(async () => {
      await net.reactor.nameResolver.resolveHostName("poets")
        .addErrback(({ type, value }) => {
          outcomes.push(type?.name, (value as Error).cause instanceof Oops);
        });
    });
    assertEquals(outcomes, ["DNSLookupError", true]);
  });
}

function ports({ test }: Suite): void {
  test("backend fault: what a backend throws instead of listening comes out of the call, and leaves nothing", ({ backend }) => {
    const faulty = { listen: oops, listenPath: oops, prepareTLS: oops };
    const net = new Network(changed(backend, faulty));
    const server = net.side("server");
    const { reactor } = net;
    assertThrows(() => reactor.listenTCP(0, server), Oops);
    assertThrows(() => reactor.listenUNIX("/x", server), Oops);
    assertThrows(
      () => reactor.listenSSL(0, server, certificates().server),
      Oops,
    );
    assertEquals([server.events, reactor.getReaders()], [[], []]);
  });

  test("backend fault: an accept that throws closes no port", async ({ backend }) => {
    const net = new Network(changed(backend, {
      listen(options) {
        const listener = backend.listen(options);
        const accept = listener.accept.bind(listener);
        let accepts = 0;
        return Object.assign(listener, {
          accept: () => ++accepts === 1 ? oops() : accept(),
        });
      },
    }));
    net.pair({ client: { connectionMade: () => net.record("made") } });
    const failed = net.happened("log Oops");
    await net.runWith(async () => {
      await failed;
      const made = net.happened("server connectionMade");
      net.clock.advance(1);
      await made;
    });
    assertEquals(net.errors.length, 1);
  });
}

/** A backend that is an instance of a class, and needs its `this` everywhere. */
class Instance implements Backend {
  readonly name = "instance";
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  seconds = (): number => this.#backend.seconds();

  connect(...args: Parameters<Backend["connect"]>) {
    return this.#backend.connect(...args);
  }

  connectPath(...args: Parameters<NonNullable<Backend["connectPath"]>>) {
    return this.#backend.connectPath?.(...args) ?? oops();
  }

  listen(...args: Parameters<Backend["listen"]>) {
    return this.#backend.listen(...args);
  }

  listenPath(...args: Parameters<NonNullable<Backend["listenPath"]>>) {
    return this.#backend.listenPath?.(...args) ?? oops();
  }

  prepareTLS(...args: Parameters<NonNullable<Backend["prepareTLS"]>>) {
    return this.#backend.prepareTLS?.(...args) ?? oops();
  }

  lookup(...args: Parameters<NonNullable<Backend["lookup"]>>) {
    return this.#backend.lookup?.(...args) ?? oops();
  }

  setAlarm(...args: Parameters<Backend["setAlarm"]>) {
    return this.#backend.setAlarm(...args);
  }

  nextTurn(fn: () => void) {
    this.#backend.nextTurn(fn);
  }

  onSignal(...args: Parameters<Backend["onSignal"]>) {
    return this.#backend.onSignal(...args);
  }
}

/** The backend as a copy of an object whose methods use each other. */
function copyOf(backend: Backend): Backend {
  class Copied {
    readonly name = "copied";
    readonly backend = backend;
    readonly connect = function (
      this: Copied,
      ...args: Parameters<Backend["connect"]>
    ) {
      return this.backend.connect(...args);
    };
    readonly connectPath = function (
      this: Copied,
      ...[options, done]: [
        Parameters<NonNullable<Backend["connectPath"]>>[0],
        (outcome: Stream | Error) => void,
      ]
    ) {
      return this.backend.connectPath?.(options, done) ?? oops();
    };
  }
  return { ...backend, ...new Copied() };
}

const FORMS: Record<string, (backend: Backend) => Backend> = {
  "an instance of a class": (backend) => new Instance(backend),
  "the copy of an instance": copyOf,
};

function instances(suite: Suite): void {
  for (const [form, make] of Object.entries(FORMS)) {
    suite.test(`backend fault: a backend that is ${form} does all that it can`, async ({ backend }) => {
      const net = new Network(make(backend));
      const folder = Deno.makeTempDirSync();
      try {
        net.pair();
        const [server, client] = [net.side("server"), net.side("client")];
        net.reactor.listenUNIX(`${folder}/socket`, server);
        net.reactor.connectUNIX(`${folder}/socket`, client);
        const made = "client connectionMade";
        await net.runUntil(made, made);
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
      assertEquals(net.errors, []);
    });
  }
}
