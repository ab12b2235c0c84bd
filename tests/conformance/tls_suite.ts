// TLS: who is trusted, which callbacks come when, and how a connection ends.

import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  CertificateError,
  type ClientTLSOptions,
  ConnectionDone,
  ConnectionLost,
  type ConnectSSLOptions,
  type Failure,
  LineReceiver,
  type ListenSSLOptions,
  type Port,
  SSLError,
  type Stream,
} from "../../mod.ts";
import { certificates } from "../support/certificates.ts";
import type { Suite } from "./conformance.ts";
import {
  bytes,
  CLEAN_END,
  type Hooks,
  HOST,
  Network,
  Oops,
  type PairHooks,
  type Recorder,
  type Side,
} from "./network.ts";
import { withSockets } from "./sockets.ts";

/** More than any buffer on the way holds. */
const LARGE = 4 * 1024 * 1024;

export function tlsSuite(suite: Suite): void {
  negotiating(suite);
  trusting(suite);
  clientCertificates(suite);
  misunderstandings(suite);
  ending(suite);
  startingLater(suite);
  moving(suite);
  refusals(suite);
  handshakes(suite);
  pinning(suite);
  breaking(suite);
  clearText(suite);
  beneath(suite);
  hostNames(suite);
}

function listen(
  net: Network,
  hooks: Hooks = {},
  options: Partial<ListenSSLOptions> = {},
): { port: Port; server: Side } {
  const server = net.side("server", hooks);
  const { cert, key } = certificates().server;
  const port = net.reactor.listenSSL(0, server, {
    interface: HOST,
    cert,
    key,
    ...options,
  });
  return { port, server };
}

function connect(
  net: Network,
  port: Port,
  hooks: Hooks = {},
  options: ConnectSSLOptions = {},
): Side {
  const client = net.side("client", hooks);
  net.reactor.connectSSL(HOST, port.getHost().port, client, {
    hostname: "localhost",
    caCerts: [certificates().root.cert],
    ...options,
  });
  return client;
}

function pair(
  net: Network,
  hooks: PairHooks,
): { server: Side; client: Side } {
  const { port, server } = listen(net, hooks.server);
  return { server, client: connect(net, port, hooks.client) };
}

/** The reason for which a side's connection is over, once that is so. */
function reasons(hooks: Hooks = {}): { hooks: Hooks; found: Error[] } {
  const found: Error[] = [];
  const connectionLost = (_: Recorder, reason: Failure) => {
    found.push(reason.value as Error);
  };
  return { hooks: { ...hooks, connectionLost }, found };
}

function expectOf(
  kind: new (...args: never[]) => Error,
  { found }: { found: Error[] },
): Error {
  const [reason, ...others] = found;
  if (reason instanceof kind && others.length === 0) return reason;
  throw new Error(`Instead of one ${kind.name} these were found: ${found}`);
}

const say = (text: string) => (protocol: Recorder) => protocol.write(text);
const loseConnection = ({ transport }: Recorder) => transport.loseConnection();

function negotiating({ test }: Suite): void {
  test("TLS: handshakeCompleted comes on both sides, after connectionMade and before data", async (net) => {
    const { server, client } = pair(net, {
      server: {
        connectionMade: say("welcome"),
        dataReceived: loseConnection,
      },
      client: { connectionMade: say("hello") },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    const life = [
      "buildProtocol",
      "connectionMade",
      "handshakeCompleted",
      "connectionLost ConnectionDone",
    ];
    assertEquals(server.events.slice(2), life);
    assertEquals(client.events.slice(3, 7), life);
    assertEquals(server.protocolBuilt.received, "hello");
    assertEquals(client.protocolBuilt.received, "welcome");
    assertEquals(net.errors, []);
  });

  test("TLS: the two ends negotiate a protocol (ALPN), where both name any", async (net) => {
    const negotiated: (string | undefined)[] = [];
    const look = ({ transport }: Recorder) => {
      negotiated.push(transport.negotiatedProtocol);
    };
    const { port } = listen(net, {
      dataReceived(protocol) {
        look(protocol);
        loseConnection(protocol);
      },
    }, { alpnProtocols: ["poem/2", "poem/1"] });
    connect(net, port, {
      connectionMade: look,
      handshakeCompleted(protocol) {
        look(protocol);
        protocol.write("hello");
      },
    }, { alpnProtocols: ["poem/1", "other"] });
    await net.runUntil("server connectionLost", "client stopFactory");
    assertEquals(negotiated, [undefined, "poem/1", "poem/1"]);
  });

  test("TLS: the address and the options of TCP are those of the connection", async (net) => {
    const { server, client } = pair(net, {
      server: {
        connectionMade: ({ transport }) => transport.setTcpKeepAlive(true),
        handshakeCompleted: ({ transport }) => transport.setTcpNoDelay(true),
        dataReceived: loseConnection,
      },
      client: { connectionMade: say("hello") },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    const near = client.protocolBuilt.transport;
    const far = server.protocolBuilt.transport;
    assertEquals(near.getHost(), far.getPeer());
    assertEquals(near.getPeer(), far.getHost());
    assert(far.getTcpKeepAlive() && far.getTcpNoDelay());
  });
}

// What OpenSSL says on Node, rustls on Deno, and BoringSSL on Bun (BAD_RECORD_MAC).
const UNKNOWN_ISSUER =
  /: unable to (verify the first certificate|get local issuer certificate)/;
const NOT_TLS =
  /^TLS has failed: .*(wrong.version.number|http.request|packet length too long|record layer failure)/i;
const CHANGED =
  /^TLS has failed: .*(cannot decrypt|bad.record.mac|cipher operation failed)/i;

/** What a client finds that connects with these options, or to this server. */
interface Trial {
  readonly client?: ConnectSSLOptions;
  readonly server?: Partial<ListenSSLOptions>;
}

function trusting({ test }: Suite): void {
  const trusted: Record<string, () => Trial> = {
    "signed by a root of the client's own": () => ({}),
    "for the address that was connected to": () => ({
      client: { hostname: undefined },
    }),
    "that is not checked": () => ({
      client: { verify: false, caCerts: undefined, hostname: "elsewhere.test" },
      server: certificates().expired,
    }),
  };
  for (const [which, trial] of Object.entries(trusted)) {
    test(`TLS: a certificate ${which} is taken`, async (net) => {
      const { client, server } = trial();
      const { port } = listen(net, { dataReceived: loseConnection }, server);
      const { hooks, found } = reasons({ connectionMade: say("hello") });
      connect(net, port, hooks, client);
      await net.runUntil("server connectionLost", "client stopFactory");
      assertEquals(found.map(({ name }) => name), ["ConnectionDone"]);
      assertEquals(net.errors, []);
    });
  }

  const mistrusted: Record<string, () => Trial & { why: RegExp }> = {
    "of a root that the client does not know": () => ({
      client: { caCerts: undefined },
      why: UNKNOWN_ISSUER,
    }),
    "of another root than the client's own": () => ({
      client: { caCerts: [certificates().stranger.cert] },
      why: UNKNOWN_ISSUER,
    }),
    "for another name": () => ({
      client: { hostname: "elsewhere.test" },
      why: /cert's altnames: DNS:localhost, IP Address:127\.0\.0\.1$/,
    }),
    "that has expired": () => ({
      server: certificates().expired,
      why: /: certificate has expired$/,
    }),
    "that is signed by itself": () => ({
      server: certificates().stranger,
      why: /: self.signed certificate($|; )/,
    }),
  };
  for (const [which, trial] of Object.entries(mistrusted)) {
    test(`TLS: a certificate ${which} ends the connection, and why`, async (net) => {
      const { why, ...options } = trial();
      const ours = reasons({ connectionMade: say("a secret") });
      const theirs = reasons();
      const { port, server } = listen(net, theirs.hooks, options.server);
      const client = connect(net, port, ours.hooks, options.client);
      await net.runUntil("server connectionLost", "client stopFactory");
      const reason = expectOf(CertificateError, ours);
      assertMatch(reason.message, /^Cannot verify the peer's certificate: /);
      assertMatch(reason.message, why);
      assertEquals(client.events.slice(4), [
        "connectionMade",
        "connectionLost CertificateError",
        "clientConnectionLost CertificateError",
        "doStop",
        "stopFactory",
      ]);
      // Whether the peer says why depends on who is faster, and on the runtime.
      expectOf(SSLError, theirs);
      assertEquals(server.protocolBuilt.received, "");
      assertEquals(net.errors, []);
    });
  }

  test("TLS: both ends have to know one protocol, if both name any", async (net) => {
    const theirs = reasons();
    const ours = reasons();
    const { port } = listen(net, theirs.hooks, { alpnProtocols: ["poem/2"] });
    connect(net, port, ours.hooks, { alpnProtocols: ["poem/1"] });
    await net.runUntil("server connectionLost", "client stopFactory");
    assertMatch(
      expectOf(SSLError, theirs).message,
      /^TLS has failed: .*(no.application|any known).protocol$/i,
    );
    expectOf(SSLError, ours);
  });
}

function clientCertificates({ test, exceptions }: Suite): void {
  const trustingRoot = () => ({ clientCaCerts: [certificates().root.cert] });

  test("TLS: each side sees the other's certificate", async (net) => {
    const seen: unknown[] = [];
    const look = ({ transport }: Recorder) => {
      seen.push(transport.getPeerCertificate()?.subject);
    };
    const { port } = listen(net, {
      handshakeCompleted: look,
      dataReceived: loseConnection,
    }, trustingRoot());
    connect(net, port, {
      connectionMade(protocol) {
        look(protocol);
        protocol.write("hello");
      },
      connectionLost: look,
    }, certificates().client);
    await net.runUntil("server connectionLost", "client stopFactory");
    const last = exceptions.forgetsCertificates === undefined
      ? { CN: "localhost" }
      : undefined;
    assertEquals(seen, [undefined, { CN: "poet" }, last]);
  });

  const refused: Record<string, () => ClientTLSOptions> = {
    "without a certificate": () => ({}),
    "with a certificate of a stranger": () => certificates().stranger,
  };
  for (const [which, options] of Object.entries(refused)) {
    test(`TLS: a client ${which} is refused by a server that requires one`, async (net) => {
      const theirs = reasons();
      const ours = reasons();
      const { port, server } = listen(net, theirs.hooks, trustingRoot());
      connect(net, port, ours.hooks, options());
      await net.runUntil("server connectionLost", "client stopFactory");
      expectOf(SSLError, theirs);
      expectOf(ConnectionLost, ours);
      assert(!server.events.includes("handshakeCompleted"));
    });
  }
}

function misunderstandings({ test }: Suite): void {
  test("TLS: a client without TLS on a port with TLS is lost, and the port goes on", async (net) => {
    const { hooks, found } = reasons();
    const { port, server } = listen(net, hooks);
    const plain = net.side("plain", { connectionMade: say("GET /\r\n\r\n") });
    net.reactor.connectTCP(HOST, port.getHost().port, plain);
    await net.runWith(async () => {
      await net.happened("server connectionLost", "plain stopFactory");
      assertMatch(expectOf(SSLError, { found }).message, NOT_TLS);
      assertEquals(server.protocolBuilt.received, "");
      const both = net.happened(
        "client connectionLost",
        "server connectionLost",
      );
      connect(net, port, { handshakeCompleted: loseConnection });
      await both;
    });
    assertEquals(net.errors, []);
  });

  test("TLS: a client with TLS on a port without is lost when something else arrives", async (net) => {
    const { port } = net.listen({
      dataReceived: say("What is it that you want, in plain words?\r\n"),
    });
    const { hooks, found } = reasons();
    connect(net, port, hooks);
    await net.runUntil("server connectionLost", "client stopFactory");
    assertMatch(expectOf(SSLError, { found }).message, NOT_TLS);
  });

  test("TLS: the options of TCP can be set before the failure of TLS is reported", async (net) => {
    const { port } = net.listen({
      dataReceived: say("What is it that you want, in plain words?\r\n"),
    });
    const { hooks, found } = reasons({
      connectionMade: ({ transport }) => transport.pauseProducing(),
    });
    const client = connect(net, port, hooks);
    await net.runWith(async () => {
      await net.happened("server connectionLost");
      const { transport } = client.protocolBuilt;
      transport.setTcpNoDelay(false);
      transport.setTcpKeepAlive(true);
      assertEquals([transport.connected, found], [true, []]);
      transport.resumeProducing();
      await net.happened("client connectionLost SSLError");
    });
  });

  test("TLS: a peer that goes away during the handshake has failed", async (net) => {
    const { port } = net.listen({ dataReceived: loseConnection });
    const { hooks, found } = reasons({ connectionMade: say("hello") });
    connect(net, port, hooks);
    await net.runUntil("server connectionLost", "client stopFactory");
    expectOf(ConnectionLost, { found });
  });

  test("TLS: a peer that never answers the handshake does not hold up loseConnection", async (net) => {
    const { port } = net.listen();
    connect(net, port, {
      connectionMade: (protocol) =>
        net.reactor.callFromThread(loseConnection, protocol),
    });
    await net.runUntil(
      "client connectionLost ConnectionAborted",
      "client stopFactory",
      "server connectionLost",
    );
  });
}

function ending({ test }: Suite): void {
  test("TLS: loseConnection sends all that was written, then close_notify", async (net) => {
    const { hooks, found } = reasons();
    const { server } = pair(net, {
      server: hooks,
      client: {
        connectionMade({ transport }) {
          transport.write(new Uint8Array(LARGE).fill(97));
          transport.loseConnection();
          transport.write(bytes("and this"));
        },
      },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    assertEquals(server.protocolBuilt.received.length, LARGE + 8);
    expectOf(ConnectionDone, { found });
  });

  test("TLS: an end without close_notify is not a clean end", async (net) => {
    const { hooks, found } = reasons();
    const { client } = pair(net, {
      server: hooks,
      client: { handshakeCompleted: say("half a po") },
    });
    server(net).hooks.dataReceived = () => {
      client.protocolBuilt.transport.abortConnection();
    };
    await net.runUntil(
      "client connectionLost ConnectionAborted",
      "client stopFactory",
      "server connectionLost ConnectionLost",
    );
    expectOf(ConnectionLost, { found });
  });
}

function server(net: Network): Side {
  const [side] = net.sides("server");
  if (side === undefined) throw new Error("There is no server");
  return side;
}

function startingLater({ test }: Suite): void {
  test("TLS: it can begin in the middle of a connection, on both sides", async (net) => {
    const { cert, key } = certificates().server;
    const { server, client } = net.pair({
      server: {
        dataReceived(protocol) {
          if (protocol.received === "STARTTLS") {
            protocol.write("go ahead");
            protocol.transport.startTLS({ cert, key });
            protocol.write(" in secret");
          } else loseConnection(protocol);
        },
      },
      client: {
        connectionMade: say("STARTTLS"),
        dataReceived(protocol) {
          if (protocol.received !== "go ahead") return;
          const caCerts = [certificates().root.cert];
          protocol.transport.startTLS({ caCerts });
          protocol.write(", and a secret");
        },
      },
    });
    await net.runUntil(...CLEAN_END);
    assertEquals(server.protocolBuilt.received, "STARTTLS, and a secret");
    assertEquals(client.protocolBuilt.received, "go ahead in secret");
    assert(server.events.includes("handshakeCompleted"));
    assert(client.events.includes("handshakeCompleted"));
    assertEquals(net.errors, []);
  });

  test("TLS: what was written before TLS begins goes out before it, as it is", async (net) => {
    const plain = "x".repeat(LARGE);
    const { cert, key } = certificates().server;
    const { client } = net.pair({
      server: {
        connectionMade(protocol) {
          protocol.write(plain);
          protocol.transport.startTLS({ cert, key });
          protocol.write("secret");
          protocol.transport.loseConnection();
        },
      },
      client: {
        dataReceived({ received, transport }) {
          if (received.length < LARGE) return;
          if (transport.getPeerCertificate() !== undefined) return;
          if (received.length > LARGE) return;
          transport.startTLS({ caCerts: [certificates().root.cert] });
        },
      },
    });
    await net.runUntil(...CLEAN_END);
    assertEquals(client.protocolBuilt.received, `${plain}secret`);
  });

  test("TLS: beginning later checks the host that was connected to", async (net) => {
    const { cert, key } = certificates().client;
    const { hooks, found } = reasons();
    net.pair({
      server: {
        connectionMade: ({ transport }) => transport.startTLS({ cert, key }),
      },
      client: {
        ...hooks,
        connectionMade({ transport }) {
          transport.startTLS({ caCerts: [certificates().root.cert] });
        },
      },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    expectOf(CertificateError, { found });
  });

  test("TLS: it can begin once, and not without what it needs", async (net) => {
    const { cert, key } = certificates().server;
    const refusals: Error[] = [];
    const attempt = (begin: () => void) => {
      refusals.push(assertThrows(begin, Error));
    };
    net.pair({
      server: {
        connectionMade({ transport }) {
          attempt(() => transport.startTLS({}));
          attempt(() => transport.startTLS({ cert, key: "no key" }));
          transport.startTLS({ cert, key });
          attempt(() => transport.startTLS({ cert, key }));
        },
        handshakeCompleted: loseConnection,
      },
      client: {
        connectionMade: ({ transport }) => {
          attempt(() => transport.startTLS({ cert }));
          transport.startTLS({ caCerts: [certificates().root.cert] });
        },
      },
    });
    await net.runUntil(...CLEAN_END);
    const messages = refusals.map(({ message }) => message).toSorted();
    assertMatch(messages[0] ?? "", /^Cannot read a private key, /);
    assertMatch(messages[1] ?? "", /^Cannot start TLS with .*started before$/);
    assertMatch(messages[2] ?? "", /client's side needs .* no key$/);
    assertMatch(messages[3] ?? "", /server's side needs .* no cert$/);
  });

  test("TLS: it cannot begin in half a connection, since what comes in clear would be taken for secret", async (net) => {
    const { cert, key } = certificates().server;
    net.pair({
      server: {
        buildProtocol: (protocol) =>
          Object.assign(protocol, {
            writeConnectionLost: () =>
              protocol.transport.startTLS({ cert, key }),
          }),
        connectionMade: ({ transport }) => transport.loseWriteConnection(),
      },
    });
    await net.runUntil("server connectionLost Error", "client stopFactory");
    assertMatch(
      net.errors.join(),
      /Cannot start TLS with .*: this half of the connection is closed$/,
    );
  });
}

function moving({ test }: Suite): void {
  test("TLS: much comes whole, both ways at once", async (net) => {
    const much = new Uint8Array(LARGE).map((_, i) => 97 + i % 23);
    const text = new TextDecoder().decode(much);
    const finished = new Set<Recorder>();
    // Each says when it has it all, and goes when the other has said so.
    const done = (protocol: Recorder) => {
      const { length } = protocol.received;
      if (length >= LARGE && !finished.has(protocol)) {
        finished.add(protocol);
        protocol.write(".");
      }
      if (length > LARGE) loseConnection(protocol);
    };
    const { server, client } = pair(net, {
      server: {
        connectionMade: ({ transport }) => transport.write(much),
        dataReceived: done,
      },
      client: {
        connectionMade: ({ transport }) => transport.write(much),
        dataReceived: done,
      },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    assertEquals(server.protocolBuilt.received.slice(0, LARGE), text);
    assertEquals(client.protocolBuilt.received.slice(0, LARGE), text);
  });

  test("TLS: a side that is paused holds the other up", async (net) => {
    let asked = 0;
    const { server } = pair(net, {
      server: { connectionMade: ({ transport }) => transport.pauseProducing() },
      client: {
        connectionMade({ transport }) {
          transport.registerProducer({
            resumeProducing() {
              asked++;
              transport.write(new Uint8Array(64 * 1024));
            },
            stopProducing() {},
          }, false);
        },
      },
    });
    await net.runWith(async () => {
      let before = -1;
      while (before < asked || asked === 0) {
        before = asked;

        await net.turns(200);
      }
      assertEquals(server.protocolBuilt.received, "");
      const [client] = net.sides("client");
      client?.protocolBuilt.transport.abortConnection();
      await net.turns(3);
    });
  });
}

function refusals({ test }: Suite): void {
  test("TLS: certificates and keys that cannot be read are refused at the call", (net) => {
    const { cert, key } = certificates().server;
    const side = net.side("server");
    const broken = () =>
      net.reactor.listenSSL(0, side, { cert: "no certificate", key });
    assertMatch(
      assertThrows(broken, TypeError).message,
      /^Cannot read a certificate, which has to be a text in the PEM form: /,
    );
    const half = () => net.reactor.connectSSL(HOST, 1, side, { cert });
    assertMatch(
      assertThrows(half, TypeError).message,
      /^TLS on the client's side needs a certificate and its key: there is no key$/,
    );
    const another = certificates().client.key;
    const wrong = () => net.reactor.listenSSL(0, side, { cert, key: another });
    assertMatch(
      assertThrows(wrong, TypeError).message,
      /^The private key is not that of the certificate for CN=localhost$/,
    );
    assertEquals(side.events, []);
  });
}

/** Who waits for the handshake of a peer that says nothing, and how it began. */
const SILENCE: Record<
  string,
  (
    net: Network,
    hooks: Hooks,
    options: { handshakeTimeout?: number | null },
  ) => void
> = {
  "a server": (net, hooks, options) => {
    const { port } = listen(net, hooks, options);
    net.reactor.connectTCP(HOST, port.getHost().port, net.side("silent"));
  },
  "a client": (net, hooks, options) => {
    const { port } = net.listen();
    connect(net, port, hooks, { timeout: null, ...options });
  },
  "a server that starts TLS later": (net, hooks, options) => {
    const { cert, key } = certificates().server;
    net.pair({
      server: {
        ...hooks,
        connectionMade(protocol) {
          protocol.transport.startTLS({ cert, key, ...options });
          return hooks.connectionMade?.(protocol);
        },
      },
    });
  },
  "a client that starts TLS later": (net, hooks, options) => {
    const { port } = net.listen();
    net.connect(port, {
      ...hooks,
      connectionMade(protocol) {
        protocol.transport.startTLS({ verify: false, ...options });
        return hooks.connectionMade?.(protocol);
      },
    }, { timeout: null });
  },
};

function handshakes({ test }: Suite): void {
  for (const [who, begin] of Object.entries(SILENCE)) {
    test(`TLS: ${who} waits 30 seconds for a handshake, and what it wrote does not hold it longer`, async (net) => {
      const { hooks, found } = reasons({
        connectionMade(protocol) {
          protocol.write("welcome");
          protocol.transport.loseConnection();
        },
      });
      begin(net, hooks, {});
      await net.runWith(async () => {
        await net.happened("server connectionMade");
        await net.passes(20);
        net.clock.advance(29.9);
        await net.turns(3);
        assertEquals(found, []);
        net.clock.advance(0.2);
        await net.turns(3);
        assertMatch(
          expectOf(SSLError, { found }).message,
          /^Cannot complete the TLS handshake with .*30 seconds \(handshakeTimeout\)$/,
        );
      });
      assertEquals(net.errors, []);
    });

    test(`TLS: ${who} waits for a handshake as long as handshakeTimeout says, paused or not`, async (net) => {
      const { hooks, found } = reasons({
        connectionMade: ({ transport }) => transport.pauseProducing(),
      });
      begin(net, hooks, { handshakeTimeout: 2 });
      await net.runWith(async () => {
        await net.happened("server connectionMade");
        await net.passes(20);
        net.clock.advance(2);
        await net.turns(3);
        assertMatch(expectOf(SSLError, { found }).message, / 2 seconds /);
      });
    });

    test(`TLS: ${who} waits for a handshake for ever where handshakeTimeout is null`, async (net) => {
      const { hooks, found } = reasons();
      begin(net, hooks, { handshakeTimeout: null });
      await net.runWith(async () => {
        await net.happened("server connectionMade");
        await net.passes(20);
        net.clock.advance(1e6);
        await net.turns(3);
        assertEquals(found, []);
      });
    });
  }

  for (
    const [timeout, handshakeTimeout, message] of [
      [5, 60, /5 seconds after connecting began \(timeout\)$/],
      [60, 5, /not over after 5 seconds \(handshakeTimeout\)$/],
    ] as const
  ) {
    test(`TLS: with a timeout of ${timeout} and a handshakeTimeout of ${handshakeTimeout} the shorter counts`, async (net) => {
      const { port } = net.listen();
      const { hooks, found } = reasons();
      connect(net, port, hooks, { timeout, handshakeTimeout });
      await net.runWith(async () => {
        await net.happened("client connectionMade");
        net.clock.advance(5);
        await net.turns(3);
        assertMatch(expectOf(SSLError, { found }).message, message);
      });
    });
  }

  test("TLS: a handshake that has failed unseen says so at the end of its time", async (net) => {
    // It has received all, so that nothing is lost with the connection.
    const { port } = net.listen({
      dataReceived: ({ transport }) => transport.loseConnection(),
    });
    const { hooks, found } = reasons({
      connectionMade: ({ transport }) => transport.pauseProducing(),
    });
    connect(net, port, hooks, { timeout: null });
    await net.runWith(async () => {
      await net.happened("server connectionLost");
      await net.passes(100);
      assertEquals(found, []);
      net.clock.advance(30);
      await net.turns(3);
      assertMatch(
        expectOf(SSLError, { found }).message,
        /^TLS has failed: the peer has closed the connection during the handshake$/,
      );
    });
  });

  test("TLS: nothing waits for a handshake that is over", async (net) => {
    let calls: number | undefined;
    pair(net, {
      server: {
        dataReceived(protocol) {
          calls = net.reactor.getDelayedCalls().length;
          loseConnection(protocol);
        },
      },
      client: { handshakeCompleted: say("hello") },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    assertEquals(calls, 0);
  });

  test("TLS: what is written right behind startTLS and loseConnection waits for the handshake, and goes out", async (net) => {
    const plain = "x".repeat(LARGE);
    const { cert, key } = certificates().server;
    const { client } = net.pair({
      server: {
        connectionMade(protocol) {
          protocol.write(plain);
          protocol.transport.startTLS({ cert, key });
          protocol.transport.loseConnection();
          protocol.write("secret");
        },
      },
      client: {
        dataReceived({ received, transport }) {
          if (received.length !== LARGE) return;
          transport.startTLS({ caCerts: [certificates().root.cert] });
        },
      },
    });
    await net.runUntil("client connectionLost", "server connectionLost");
    assertEquals(client.protocolBuilt.received.length, LARGE + 6);
    assertEquals(client.protocolBuilt.received.slice(LARGE), "secret");
  });

  test("TLS: what was written before TLS began is sent before a loseConnection that nothing follows", async (net) => {
    const { cert, key } = certificates().server;
    const { client } = net.pair({
      server: {
        connectionMade(protocol) {
          protocol.transport.write(new Uint8Array(LARGE).fill(97));
          protocol.transport.startTLS({ cert, key });
          protocol.transport.loseConnection();
        },
      },
      client: {
        dataReceived({ received, transport }) {
          if (received.length === LARGE) transport.abortConnection();
        },
      },
    });
    await net.runUntil("client connectionLost", "server connectionLost");
    assertEquals(client.protocolBuilt.received.length, LARGE);
  });
}

const SIDES = [["server", "client"], ["client", "server"]] as const;

const ABORTS = "has aborted the connection";

/** What a protocol does that does not like whom it sees. */
const ENDS: Record<string, (protocol: Recorder) => void> = {
  [ABORTS]: ({ transport }) => transport.abortConnection(),
  "has closed the connection": loseConnection,
  "has paused the connection": ({ transport }) => transport.pauseProducing(),
  "has thrown": () => {
    throw new Oops("not the one who was expected");
  },
};

function pinning({ test }: Suite): void {
  for (const [side, other] of SIDES) {
    for (const [what, handshakeCompleted] of Object.entries(ENDS)) {
      test(`TLS: a ${side} receives nothing once handshakeCompleted ${what}`, async (net) => {
        const ours: Hooks = { handshakeCompleted };
        const theirs: Hooks = { connectionMade: say("delete everything") };
        pair(net, { [side]: ours, [other]: theirs });
        await net.runWith(async () => {
          // A reset can overtake the end of the handshake on its way to the peer.
          await net.happened(
            `${side} handshakeCompleted`,
            what === ABORTS
              ? `${other} connectionLost`
              : `${other} handshakeCompleted`,
          );
          await net.passes(50);
          const [us] = net.sides(side);
          assertEquals(us?.protocolBuilt.received, "");
        });
      });
    }
  }

  test("TLS: a side that is aborted as the handshake completes gets no handshakeCompleted", async (plain) => {
    const { prepareTLS } = plain.backend;
    const ours = new Set<Recorder>();
    const net = new Network({
      ...plain.backend,
      prepareTLS(options) {
        const layer = prepareTLS?.(options);
        return (stream) => {
          const secure = layer?.(stream);
          if (secure === undefined) throw new Error("There is no TLS");
          const { onHandshake } = secure;
          secure.onHandshake = (fn) =>
            onHandshake.call(secure, () => {
              fn();
              for (const { transport } of ours) transport.abortConnection();
            });
          return secure;
        };
      },
    });
    const { client } = pair(net, {
      client: { connectionMade: (protocol) => void ours.add(protocol) },
    });
    await net.runUntil("client connectionLost", "server connectionLost");
    assertEquals(client.events.filter((it) => it.startsWith("handshake")), []);
  });

  test("TLS: what came while handshakeCompleted had paused is received later", async (net) => {
    const { server } = pair(net, {
      server: {
        handshakeCompleted({ transport }) {
          transport.pauseProducing();
          net.reactor.callFromThread(() => transport.resumeProducing());
        },
        dataReceived: loseConnection,
      },
      client: { connectionMade: say("hello") },
    });
    await net.runUntil(...CLEAN_END);
    assertEquals(server.protocolBuilt.received, "hello");
  });
}

/** The first bytes of a record are in clear: to change those is something else. */
const BEHIND_HEADER = 8;

/** A network on whose way to a server, or back, a byte can be changed. */
class Tampering {
  readonly net: Network;
  /** Which piece that leaves or reaches the client is to be changed next. */
  next: "sent" | "received" | undefined;

  constructor({ backend }: Network) {
    this.net = new Network({
      ...backend,
      connect: (options, done) =>
        backend.connect(options, (outcome) => {
          done(outcome instanceof Error ? outcome : this.#tamper(outcome));
        }),
    });
  }

  #tamper(stream: Stream): Stream {
    const send = stream.send.bind(stream);
    const receive = stream.receive.bind(stream);
    stream.send = (bytes) => send(this.#change("sent", bytes));
    stream.receive = (max) => {
      const received = receive(max);
      if (!(received instanceof Uint8Array)) return received;
      return this.#change("received", received);
    };
    return stream;
  }

  #change(which: "sent" | "received", bytes: Uint8Array): Uint8Array {
    if (this.next !== which || bytes.length === 0) return bytes;
    this.next = undefined;
    const changed = bytes.slice();
    const index = Math.min(BEHIND_HEADER, changed.length - 1);
    changed[index] = (changed[index] ?? 0) ^ 0xff;
    return changed;
  }
}

function breaking({ test, exceptions }: Suite): void {
  const servers: Record<string, () => Partial<ListenSSLOptions>> = {
    "": () => ({}),
    " that wants a certificate": () => ({
      clientCaCerts: [certificates().root.cert],
    }),
  };
  for (const [which, options] of Object.entries(servers)) {
    test(`TLS: a record that is changed on its way to a server${which} ends the connection, and why`, async (plain) => {
      const tampering = new Tampering(plain);
      const { net } = tampering;
      const { hooks, found } = reasons({
        dataReceived() {
          tampering.next = "sent";
          const [client] = net.sides("client");
          // Much, so that something follows what was changed.
          client?.protocolBuilt.transport.write(new Uint8Array(LARGE / 8));
        },
      });
      const { port, server } = listen(net, hooks, options());
      connect(net, port, { handshakeCompleted: say("good") }, {
        ...certificates().client,
      });
      await net.runUntil(
        "server connectionLost SSLError",
        "client stopFactory",
      );
      assertMatch(expectOf(SSLError, { found }).message, CHANGED);
      assertEquals(server.protocolBuilt.received, "good");
      assertEquals(net.errors, []);
    });
  }

  test("TLS: a record that is changed on its way to a client ends the connection, and why", async (plain) => {
    const tampering = new Tampering(plain);
    const { net } = tampering;
    const { hooks, found } = reasons({ handshakeCompleted: say("hello") });
    pair(net, {
      server: {
        dataReceived(protocol) {
          tampering.next = "received";
          protocol.write("changed");
        },
      },
      client: hooks,
    });
    await net.runUntil(
      "client connectionLost SSLError",
      "server connectionLost",
    );
    assertMatch(expectOf(SSLError, { found }).message, CHANGED);
  });

  test("TLS: what waits to be read outlives the end of both halves", async (net) => {
    let mustPause = true;
    const { server } = pair(net, {
      server: {
        connectionMade({ transport }) {
          transport.write(new Uint8Array(200_000));
          transport.loseWriteConnection();
        },
        dataReceived({ transport }) {
          if (mustPause) transport.pauseProducing();
        },
      },
      client: {
        connectionMade: say("a".repeat(20_000)),
        handshakeCompleted: say("b".repeat(1000)),
        dataReceived({ transport }) {
          for (const text of ["c", "d".repeat(1000), "e"]) {
            transport.write(bytes(text));
          }
          transport.loseConnection();
        },
      },
    });
    await net.runWith(async () => {
      await net.happened("client connectionLost");
      await net.passes(50);
      const ended = net.happened("server connectionLost");
      mustPause = false;
      server.protocolBuilt.transport.resumeProducing();
      await ended;
    });
    assertEquals(server.protocolBuilt.received.length, 22_002);
    assertEquals(server.events.at(-1), "connectionLost ConnectionDone");
  });

  for (const sender of ["server", "client"]) {
    test(`TLS: a ${sender} that says little, then much, and closes waits for a slow reader`, async (net) => {
      const sending: Hooks = {
        handshakeCompleted: say("little"),
        dataReceived({ transport }) {
          transport.write(bytes("l"));
          transport.write(new Uint8Array(2 * LARGE).fill(97));
          transport.loseConnection();
        },
      };
      const { hooks, found } = reasons({
        dataReceived(protocol) {
          if (protocol.received !== "little") return;
          protocol.write("go on");
          protocol.transport.pauseProducing();
          net.record("reader has paused");
        },
      });
      const reader = sender === "server" ? "client" : "server";
      pair(net, { [sender]: sending, [reader]: hooks });
      await net.runWith(async () => {
        await net.happened("reader has paused");
        await net.passes(300);
        const isHeldUp = exceptions.noBackpressureOverTLS === undefined;
        const isOver = net.events.some((event) => /connectionLost/.test(event));
        assertEquals(isOver, !isHeldUp);
        const ended = net.happened(`${reader} connectionLost`);
        const [side] = net.sides(reader);
        side?.protocolBuilt.transport.resumeProducing();
        await ended;
        const { length } = side?.protocolBuilt.received ?? "";
        assertEquals(length, "little".length + 1 + 2 * LARGE);
        expectOf(ConnectionDone, { found });
      });
    });
  }

  for (const size of [1000, 70_000, 100_000, 120_000]) {
    test(`TLS: the end comes behind ${size} bytes that were not read for a while`, async (net) => {
      const { hooks, found } = reasons({
        connectionMade: ({ transport }) => transport.pauseProducing(),
      });
      const { server } = pair(net, {
        server: hooks,
        client: {
          connectionMade({ transport }) {
            transport.write(new Uint8Array(size).fill(97));
            transport.loseConnection();
          },
        },
      });
      await net.runWith(async () => {
        await net.happened("client connectionLost ConnectionDone");
        await net.passes(100);
        const ended = net.happened("server connectionLost");
        server.protocolBuilt.transport.resumeProducing();
        await ended;
        assertEquals(server.protocolBuilt.received.length, size);
        expectOf(ConnectionDone, { found });
      });
    });
  }

  test("TLS: abortConnection() ends a connection whose peer does not read", async (net) => {
    const { hooks, found } = reasons({
      handshakeCompleted: ({ transport }) => transport.pauseProducing(),
    });
    const { server } = pair(net, {
      server: hooks,
      client: {
        handshakeCompleted({ transport }) {
          transport.write(new Uint8Array(2 * LARGE));
        },
      },
    });
    await net.runWith(async () => {
      await net.happened(
        "server handshakeCompleted",
        "client handshakeCompleted",
      );
      await net.passes(100);
      const [client] = net.sides("client");
      const lost = net.happened("client connectionLost ConnectionAborted");
      client?.protocolBuilt.transport.abortConnection();
      await lost;
      const gone = net.happened("server connectionLost");
      server.protocolBuilt.transport.resumeProducing();
      await gone;
      expectOf(ConnectionLost, { found });
    });
  });
}

/** Begins TLS at a line, behind which there is another. */
class Starting extends LineReceiver {
  static readonly lines: string[] = [];
  readonly #start: (protocol: Starting) => void;
  readonly #lost: (reason: Failure) => void;

  constructor(
    start: (protocol: Starting) => void,
    lost: (reason: Failure) => void,
  ) {
    super();
    this.#start = start;
    this.#lost = lost;
  }

  override lineReceived(line: Uint8Array): void {
    const text = new TextDecoder().decode(line);
    Starting.lines.push(text);
    if (text === "STARTTLS") this.#start(this);
  }

  override connectionLost(reason: Failure): void {
    this.#lost(reason);
  }
}

function clearText({ test }: Suite): void {
  for (const side of ["server", "client"] as const) {
    test(`TLS: what came in clear behind the line with which a ${side} begins TLS is not received, but ends the connection`, async (net) => {
      const { cert, key } = certificates().server;
      Starting.lines.length = 0;
      const found: unknown[] = [];
      const ours: Hooks = {
        buildProtocol: () =>
          new Starting(
            ({ transport }) =>
              side === "server"
                ? transport.startTLS({ cert, key })
                : transport.startTLS({ verify: false }),
            ({ value }) => found.push(value),
          ),
      };
      const theirs: Hooks = { connectionMade: say("STARTTLS\r\nEVIL\r\n") };
      const them = side === "server" ? "client" : "server";
      net.pair({ [side]: ours, [them]: theirs });
      await net.runUntil(`${them} connectionLost`);
      assertEquals(Starting.lines, ["STARTTLS"]);
      assertEquals(
        found.map((error) => error instanceof SSLError && error.message),
        ["Cannot start TLS: 6 bytes came in clear behind what has asked for it, and anybody could have put them in"],
      );
      assertEquals(net.errors, []);
    });
  }
}

function beneath(suite: Suite): void {
  const { test } = suite;
  const testOverUNIX = withSockets(suite);

  for (
    const [what, options] of Object.entries<ClientTLSOptions>({
      "without a hostname": {},
      "with a hostname that is undefined": { hostname: undefined },
      "with an empty hostname": { hostname: "" },
    })
  ) {
    testOverUNIX(
      `TLS: startTLS over a UNIX socket ${what} is refused, since no name would be checked`,
      async (sockets) => {
        const { net } = sockets;
        let refusal: Error | undefined;
        sockets.pair({
          client: {
            connectionMade({ transport }) {
              const caCerts = [certificates().root.cert];
              const start = () => transport.startTLS({ caCerts, ...options });
              refusal = assertThrows(start, TypeError);
              transport.loseConnection();
            },
          },
        });
        await net.runUntil("server connectionLost", "client stopFactory");
        assertMatch(
          refusal?.message ?? "",
          /^The hostname .* must not be empty/,
        );
      },
    );
  }

  test("TLS: what is written before and after startTLS goes out, though nobody closes", async (net) => {
    const { cert, key } = certificates().server;
    const { client } = net.pair({
      server: {
        connectionMade(protocol) {
          protocol.write("in clear");
          protocol.transport.startTLS({ cert, key });
          protocol.write(", in secret");
        },
      },
      client: {
        dataReceived({ received, transport }) {
          if (received === "in clear") {
            transport.startTLS({ caCerts: [certificates().root.cert] });
          } else loseConnection({ transport } as Recorder);
        },
      },
    });
    await net.runUntil(
      "client connectionLost ConnectionDone",
      "client stopFactory",
    );
    assertEquals(client.protocolBuilt.received, "in clear, in secret");
  });

  test("TLS: a connection that goes on with TLS takes no second descriptor", async (net) => {
    const { cert, key } = certificates().server;
    const numbers: number[] = [];
    const hooks: Hooks = {
      connectionMade({ transport }) {
        const { fileno } = transport as unknown as { fileno(): number };
        const before = fileno.call(transport);
        transport.startTLS({ cert, key });
        numbers.push(fileno.call(transport) - before);
        transport.loseConnection();
      },
    };
    const { port } = net.listen(hooks);
    await net.runWith(async () => {
      for (let i = 0; i < 3; i++) {
        const ended = net.happened(
          "server connectionLost",
          "client stopFactory",
        );
        net.connect(port);
        await ended;
      }
    });
    assertEquals(numbers, [0, 0, 0]);
  });

  test("TLS: setTcpNoDelay and setTcpKeepAlive over TLS reach the connection below", async (plain) => {
    const told: string[] = [];
    const { backend } = plain;
    const net = new Network({
      ...backend,
      connect: (options, done) =>
        backend.connect(options, (outcome) => {
          if (!(outcome instanceof Error)) {
            outcome.setNoDelay = (enabled) => told.push(`no delay ${enabled}`);
            outcome.setKeepAlive = (enabled) => told.push(`alive ${enabled}`);
          }
          done(outcome);
        }),
    });
    pair(net, {
      server: { dataReceived: loseConnection },
      client: {
        handshakeCompleted(protocol) {
          assertEquals(protocol.transport.getTcpNoDelay(), true);
          protocol.transport.setTcpKeepAlive(true);
          protocol.transport.setTcpNoDelay(false);
          protocol.write("hello");
        },
      },
    });
    await net.runUntil("server connectionLost", "client stopFactory");
    assertEquals(told, ["no delay true", "alive true", "no delay false"]);
  });

  test("TLS: setTcpNoDelay and setTcpKeepAlive can be called while much is being sent", async (net) => {
    const { client } = net.pair({
      server: {
        connectionMade({ transport }) {
          transport.write(new Uint8Array(LARGE));
        },
      },
      client: { connectionMade: ({ transport }) => transport.pauseProducing() },
    });
    await net.runWith(async () => {
      await net.happened("server connectionMade", "client connectionMade");
      await net.passes(20);
      const [server] = net.sides("server");
      const transport = server?.protocolBuilt.transport;
      transport?.setTcpNoDelay(true);
      transport?.setTcpKeepAlive(true);
      const ended = net.happened("client connectionLost ConnectionDone");
      transport?.loseConnection();
      client.protocolBuilt.transport.resumeProducing();
      await ended;
      assertEquals(client.protocolBuilt.received.length, LARGE);
    });
    assertEquals(net.errors, []);
  });

  /** What is wrong, in the options of a client and of a server. */
  const wrong: Record<string, [ConnectSSLOptions, RegExp]> = {
    "a protocol of more than 255 bytes": [
      { alpnProtocols: ["x".repeat(256)] },
      /^Each of alpnProtocols must be .*, got one of 256$/,
    ],
    "a protocol of more than 255 bytes, in fewer characters": [
      { alpnProtocols: ["\u00e9".repeat(128)] },
      /got one of 256$/,
    ],
    "a protocol without a name": [
      { alpnProtocols: ["h2", ""] },
      /got one of 0$/,
    ],
    "too many protocols": [
      { alpnProtocols: Array(300).fill("x".repeat(255)) },
      /^alpnProtocols must have 65535 bytes at most, got 76800$/,
    ],
  };
  const wrongClient: typeof wrong = {
    ...wrong,
    "roots that are none": [
      { caCerts: ["no certificate"] },
      /^Cannot read a certificate/,
    ],
    "no roots at all": [{ caCerts: [] }, /^caCerts must hold one/],
    "an empty hostname": [
      { hostname: "" },
      /^The hostname .* must not be empty/,
    ],
  };
  for (const [what, [options, message]] of Object.entries(wrongClient)) {
    test(`TLS: connectSSL refuses ${what}, at the call`, (net) => {
      const refused = () =>
        net.reactor.connectSSL(HOST, 1, net.side("client"), options);
      assertMatch(assertThrows(refused, TypeError).message, message);
    });
  }
  for (const [what, [options, message]] of Object.entries(wrong)) {
    test(`TLS: listenSSL refuses ${what}, at the call`, (net) => {
      const { alpnProtocols } = options;
      const refused = () => listen(net, {}, { alpnProtocols });
      assertMatch(assertThrows(refused, TypeError).message, message);
    });
  }

  test("TLS: listenSSL refuses to trust no client at all, at the call", (net) => {
    const refused = () => listen(net, {}, { clientCaCerts: [] });
    assertMatch(
      assertThrows(refused, TypeError).message,
      /^clientCaCerts must/,
    );
  });

  test("TLS: an invalid handshakeTimeout is refused at the call", (net) => {
    for (const handshakeTimeout of [-1, NaN]) {
      const refused = () => listen(net, {}, { handshakeTimeout });
      assertMatch(
        assertThrows(refused, RangeError).message,
        /^handshakeTimeout must be 0 or more seconds, or null, got (-1|NaN)$/,
      );
    }
  });
}

function hostNames({ test }: Suite): void {
  for (const hostname of ["bücher.example", "BÜCHER.example", "[::1]", "::1"]) {
    test(`TLS: ${hostname} is checked as it stands in certificates`, async (net) => {
      const { port } = listen(net, {}, certificates().foreign);
      connect(net, port, {}, { hostname });
      await net.runUntil(
        "client handshakeCompleted",
        "server handshakeCompleted",
      );
    });
  }

  test("TLS: a host that is connected to in brackets is checked without them", async (net) => {
    const { port } = listen(net, {}, {
      interface: "::1",
      ...certificates().foreign,
    });
    const client = net.side("client");
    const caCerts = [certificates().root.cert];
    net.reactor.connectSSL("[::1]", port.getHost().port, client, { caCerts });
    await net.runUntil(
      "client handshakeCompleted",
      "server handshakeCompleted",
    );
  });

  test("TLS: a hostname outside ASCII is checked as it stands in certificates by startTLS as well", async (net) => {
    const { cert, key } = certificates().foreign;
    const caCerts = [certificates().root.cert];
    net.pair({
      server: {
        connectionMade: ({ transport }) => transport.startTLS({ cert, key }),
      },
      client: {
        connectionMade: ({ transport }) =>
          transport.startTLS({ caCerts, hostname: "bücher.example" }),
      },
    });
    await net.runUntil(
      "client handshakeCompleted",
      "server handshakeCompleted",
    );
  });

  test("TLS: an invalid hostname is refused at the call", (net) => {
    const error = assertThrows(
      () =>
        net.reactor.connectSSL(HOST, 1, net.side("client"), {
          hostname: "bü cher",
        }),
      TypeError,
    );
    assertEquals(
      error.message,
      'Cannot check a certificate for "bü cher": it is not the name of a host',
    );
  });
}
