import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  CannotListenError,
  ClientFactory,
  ConnectionAborted,
  ConnectionDone,
  ConnectionLost,
  ConnectionRefusedError,
  ConnectTimeoutError,
  Deferred,
  Factory,
  Failure,
  IPv4Address,
  IPv6Address,
  LineReceiver,
  log,
  Protocol,
  ReactorNotRunning,
  UNIXAddress,
  UserError,
} from "../../../mod.ts";
import {
  AccumulatingProtocol,
  connectProtocols,
  MemoryReactor,
  MemoryReactorClock,
  RaisingMemoryReactor,
  StringTransport,
  StringTransportWithDisconnection,
} from "../../../testing.ts";
import { Producer } from "../policies/support.ts";
import { bytes, randomNumbers, text } from "../protocols/support.ts";

class Notes extends ClientFactory {
  override protocol = Protocol;
  override noisy = false;
  told: string[] = [];
  override startFactory(): void {
    this.told.push("start");
  }
  override stopFactory(): void {
    this.told.push("stop");
  }
  override startedConnecting(): void {
    this.told.push("connecting");
  }
  override clientConnectionFailed(_connector: unknown, reason: Failure): void {
    this.told.push(`failed: ${reason.type?.name}`);
  }
}

// --- StringTransport

Deno.test("StringTransport: value is all that was written since it was cleared", () => {
  const transport = new StringTransport();
  transport.write(bytes("a"));
  transport.writeSequence([bytes("b"), bytes(""), bytes("c")]);
  assertEquals(text(transport.value()), "abc");
  transport.clear();
  assertEquals(transport.value().length, 0);
  transport.write(bytes("d"));
  assertEquals(text(transport.value()), "d");
});

Deno.test("StringTransport: what was written stays as it was", () => {
  const transport = new StringTransport();
  const piece = bytes("a");
  transport.write(piece);
  piece[0] = 98;
  assertEquals(text(transport.value()), "a");
});

Deno.test("StringTransport: the ends have addresses", () => {
  const usual = new StringTransport();
  assert(usual.getPeer().equals(new IPv4Address("TCP", "192.168.1.1", 54321)));
  assert(usual.getHost().equals(new IPv4Address("TCP", "10.0.0.1", 12345)));
  const hostAddress = new IPv6Address("TCP", "::1", 1);
  const peerAddress = new IPv6Address("TCP", "::1", 2);
  const own = new StringTransport({ hostAddress, peerAddress });
  assertStrictEquals(own.getHost(), hostAddress);
  assertStrictEquals(own.getPeer(), peerAddress);
});

Deno.test("StringTransport: only bytes can be written", () => {
  const transport = new StringTransport();
  // @ts-expect-error text has to be encoded first
  assertThrows(() => transport.write("text"), TypeError);
  assertThrows(
    // @ts-expect-error text has to be encoded first
    () => transport.writeSequence([bytes("a"), "text"]),
    TypeError,
  );
  assertEquals(transport.value().length, 0);
});

Deno.test("StringTransport: loseConnection is recorded, and writes go on as on a real one", () => {
  const transport = new StringTransport();
  transport.loseConnection();
  assert(transport.disconnecting);
  assert(transport.connected);
  assert(!transport.disconnected);
  transport.write(bytes("the rest"));
  assertEquals(text(transport.value()), "the rest");
});

Deno.test("StringTransport: after abortConnection nothing is written any more", () => {
  const transport = new StringTransport();
  transport.write(bytes("before"));
  transport.abortConnection();
  assert(transport.disconnecting && transport.disconnected);
  transport.write(bytes("after"));
  assertEquals(text(transport.value()), "before");
});

Deno.test("StringTransport: what the protocol asks of the flow is recorded", () => {
  const transport = new StringTransport();
  assertEquals(transport.producerState, "producing");
  transport.pauseProducing();
  assertEquals(transport.producerState, "paused");
  transport.resumeProducing();
  assertEquals(transport.producerState, "producing");
  transport.loseConnection();
  transport.pauseProducing();
  assertEquals(transport.producerState, "producing");
});

Deno.test("StringTransport: stopProducing closes it, for good", () => {
  const transport = new StringTransport();
  transport.stopProducing();
  assertEquals(transport.producerState, "stopped");
  assert(transport.disconnecting);
  transport.resumeProducing();
  assertEquals(transport.producerState, "stopped");
});

Deno.test("StringTransport: what else it is told is recorded", () => {
  const transport = new StringTransport();
  assertEquals(transport.disconnectingWrite, false);
  transport.loseWriteConnection();
  assertEquals(transport.disconnectingWrite, true);
  assert(!transport.getTcpNoDelay() && !transport.getTcpKeepAlive());
  transport.setTcpNoDelay(true);
  assert(transport.getTcpNoDelay() && !transport.getTcpKeepAlive());
  transport.setTcpKeepAlive(true);
  assert(transport.getTcpKeepAlive());
});

Deno.test("StringTransport: it has one producer at a time", () => {
  const transport = new StringTransport();
  const [one, other] = [new Producer(), new Producer()];
  transport.unregisterProducer();
  transport.registerProducer(one, true);
  assertStrictEquals(transport.producer, one);
  assertEquals(transport.streaming, true);
  assertThrows(() => transport.registerProducer(other, true), Error, "has one");
  transport.unregisterProducer();
  assertEquals(transport.producer, undefined);
  transport.registerProducer(other, false);
  assertEquals([one.told, other.told], [[], ["resume"]]);
  transport.stopConsuming();
  assertEquals(transport.producer, undefined);
  assert(transport.disconnecting);
});

Deno.test("StringTransport: a producer that comes too late is stopped", () => {
  const transport = new StringTransport();
  transport.abortConnection();
  const producer = new Producer();
  transport.registerProducer(producer, true);
  assertEquals(producer.told, ["stop"]);
  assertEquals(transport.producer, undefined);
});

Deno.test("StringTransportWithDisconnection: closing it tells the protocol at once, once", () => {
  const transport = new StringTransportWithDisconnection();
  const producer = new Producer();
  const protocol = new AccumulatingProtocol();
  transport.protocol = protocol;
  protocol.makeConnection(transport);
  transport.registerProducer(producer, true);
  transport.loseConnection();
  assert(protocol.closed);
  assert(protocol.closedReason?.check(ConnectionDone));
  assertEquals(producer.told, ["stop"]);
  assert(!transport.connected && !transport.disconnecting);
  protocol.closed = false;
  transport.loseConnection();
  transport.abortConnection();
  assert(!protocol.closed);
  transport.write(bytes("too late"));
  assertEquals(transport.value().length, 0);
});

Deno.test("StringTransportWithDisconnection: abortConnection reports that reason", () => {
  const transport = new StringTransportWithDisconnection();
  const protocol = new AccumulatingProtocol();
  transport.protocol = protocol;
  transport.abortConnection();
  assert(protocol.closedReason?.check(ConnectionAborted));
  assert(transport.disconnected);
});

// --- AccumulatingProtocol

Deno.test("AccumulatingProtocol: it keeps what happens to it", () => {
  const protocol = new AccumulatingProtocol();
  assertEquals([protocol.made, protocol.closed], [false, false]);
  protocol.makeConnection(new StringTransport());
  assert(protocol.made);
  let expected = "";
  for (let at = 0; at < 100; at++) {
    protocol.dataReceived(bytes(`${at},`));
    expected += `${at},`;
    assertEquals(text(protocol.data), expected);
  }
  const reason = new Failure(new ConnectionLost());
  protocol.connectionLost(reason);
  assert(protocol.closed);
  assertStrictEquals(protocol.closedReason, reason);
});

Deno.test("AccumulatingProtocol: those who wait are told once", () => {
  class Waiting extends Factory {
    override protocol = AccumulatingProtocol;
    protocolConnectionMade: Deferred<AccumulatingProtocol> | undefined =
      new Deferred<AccumulatingProtocol>();
  }
  const factory = new Waiting();
  const told: unknown[] = [];
  factory.protocolConnectionMade?.addCallback((made) => told.push(made));
  const address = new IPv4Address("TCP", "127.0.0.1", 1);
  const built = [1, 2].map(() => factory.buildProtocol(address));
  for (const protocol of built) protocol?.makeConnection(new StringTransport());
  assertEquals(told, [built[0]]);
  assertEquals(factory.protocolConnectionMade, undefined);

  const protocol = new AccumulatingProtocol();
  const closed = new Deferred<void>();
  protocol.closedDeferred = closed;
  protocol.connectionLost();
  protocol.connectionLost();
  assert(closed.called);
  assertEquals(protocol.closedDeferred, undefined);
});

// --- MemoryReactor

Deno.test("MemoryReactor: connectTCP is recorded, and the attempt begins", () => {
  const reactor = new MemoryReactor();
  const factory = new Notes();
  const connector = reactor.connectTCP("poems.test", 10000, factory);
  const bindAddress = ["127.0.0.1", 0] as const;
  const options = { timeout: null, bindAddress };
  reactor.connectTCP("::1", 10001, factory, options);
  assertEquals(reactor.tcpClients, [
    {
      host: "poems.test",
      port: 10000,
      factory,
      timeout: 30,
      bindAddress: undefined,
    },
    { host: "::1", port: 10001, factory, timeout: null, bindAddress },
  ]);
  assertStrictEquals(reactor.connectors[0], connector);
  assertEquals(reactor.connectors.length, 2);
  assertEquals(factory.told, ["start", "connecting", "connecting"]);
  assertEquals(connector.state, "connecting");
  const destination = new IPv4Address("TCP", "poems.test", 10000);
  assert(connector.getDestination().equals(destination));
});

Deno.test("MemoryReactor: an attempt can be ended", () => {
  const reactor = new MemoryReactor();
  const factory = new Notes();
  reactor.connectTCP("poems.test", 10000, factory).stopConnecting();
  assertEquals(factory.told, [
    "start",
    "connecting",
    `failed: ${UserError.name}`,
    "stop",
  ]);
  assertEquals(reactor.getDelayedCalls(), []);
});

Deno.test("MemoryReactor: listenTCP is recorded, and the port has an address", () => {
  const reactor = new MemoryReactor();
  const factory = new Notes();
  const port = reactor.listenTCP(10000, factory);
  reactor.listenTCP(10001, factory, { interface: "::1", backlog: 5 });
  assertEquals(reactor.tcpServers, [
    { port: 10000, factory, backlog: 511, interface: "" },
    { port: 10001, factory, backlog: 5, interface: "::1" },
  ]);
  assert(port.getHost().equals(new IPv4Address("TCP", "0.0.0.0", 10000)));
  assert(reactor.listenTCP(0, factory).getHost().port > 0);
  assertThrows(() => reactor.listenTCP(10000, factory), CannotListenError);
});

Deno.test("MemoryReactor: connectUNIX is recorded, and the attempt begins", () => {
  const reactor = new MemoryReactor();
  const factory = new Notes();
  const connector = reactor.connectUNIX("/run/poetry", factory);
  reactor.connectUNIX("/run/prose", factory, { timeout: null, checkPID: true });
  assertEquals(reactor.unixClients, [
    { address: "/run/poetry", factory, timeout: 30, checkPID: false },
    { address: "/run/prose", factory, timeout: null, checkPID: true },
  ]);
  assertStrictEquals(reactor.connectors[0], connector);
  assertEquals(connector.state, "connecting");
  const destination = new UNIXAddress("/run/poetry");
  assert(connector.getDestination().equals(destination));
  connector.stopConnecting();
  assertEquals(factory.told.at(-1), `failed: ${UserError.name}`);
});

Deno.test("MemoryReactor: listenUNIX is recorded, and the port has an address", () => {
  const reactor = new MemoryReactor();
  const factory = new Notes();
  const port = reactor.listenUNIX("/run/poetry", factory);
  const options = { backlog: 5, mode: 0o600, wantPID: true };
  reactor.listenUNIX("/run/prose", factory, options);
  assertEquals(reactor.unixServers, [
    {
      address: "/run/poetry",
      factory,
      backlog: 511,
      mode: 0o666,
      wantPID: false,
    },
    { address: "/run/prose", factory, ...options },
  ]);
  assert(port.getHost().equals(new UNIXAddress("/run/poetry")));
  assertThrows(
    () => reactor.listenUNIX("/run/poetry", factory),
    CannotListenError,
  );
  assertEquals(factory.told, ["start"]);
});

Deno.test("MemoryReactor: run calls what waits for it, and stops", async () => {
  const reactor = new MemoryReactor();
  const told: string[] = [];
  const tell = (what: string) => {
    assert(reactor.running);
    told.push(what);
  };
  reactor.callWhenRunning(tell, "one");
  reactor.callWhenRunning(tell, "two");
  assertEquals(reactor.whenRunningHooks, [
    { fn: tell, args: ["one"] },
    { fn: tell, args: ["two"] },
  ]);
  assert(!reactor.running && !reactor.hasRun && !reactor.hasStopped);
  await reactor.run();
  assertEquals(told, ["one", "two"]);
  assert(!reactor.running && reactor.hasRun && reactor.hasStopped);
  assert(!reactor.hasCrashed);
});

Deno.test("MemoryReactor: what it runs may stop it or crash it", async () => {
  const stopping = new MemoryReactor();
  assertThrows(() => stopping.stop(), ReactorNotRunning);
  assert(!stopping.hasStopped);
  stopping.callWhenRunning(() => stopping.stop());
  await stopping.run();
  assert(stopping.hasStopped);

  const crashing = new MemoryReactor();
  const remove = crashing.callWhenRunning(() => crashing.crash());
  assert(remove !== undefined);
  await crashing.run();
  assert(crashing.hasCrashed && !crashing.hasStopped && !crashing.running);
  await crashing.run();
  assert(crashing.hasStopped);
});

Deno.test("MemoryReactor: triggers are recorded, pulled, and taken away", async () => {
  const reactor = new MemoryReactor();
  const told: string[] = [];
  const tell = (what: string) => told.push(what);
  reactor.addSystemEventTrigger("before", "shutdown", tell, "bye");
  const other = reactor.addSystemEventTrigger("after", "own", tell, "no");
  assertEquals(reactor.triggers, {
    before: { shutdown: [{ fn: tell, args: ["bye"] }] },
    during: {},
    after: { own: [{ fn: tell, args: ["no"] }] },
  });
  reactor.removeSystemEventTrigger(other);
  assertEquals(reactor.triggers.after.own, []);
  reactor.fireSystemEvent("own");
  await reactor.run();
  assertEquals(told, ["bye"]);
});

Deno.test("MemoryReactorClock: a test advances the time", () => {
  const reactor = new MemoryReactorClock();
  const factory = new Notes();
  reactor.connectTCP("poems.test", 10000, factory, { timeout: 5 });
  reactor.advance(4);
  assertEquals(reactor.seconds(), 4);
  assertEquals(factory.told.length, 2);
  reactor.pump([0.5, 0.5]);
  assertEquals(factory.told[2], `failed: ${ConnectTimeoutError.name}`);
  assertEquals(reactor.getDelayedCalls(), []);
});

Deno.test("MemoryReactorClock: a port is closed when the time is advanced", async () => {
  const reactor = new MemoryReactorClock();
  const factory = new Notes();
  const stopped = reactor.listenTCP(10000, factory).stopListening();
  // The runtime tells by a promise that the port is free.
  await Promise.resolve();
  assert(!stopped.called);
  reactor.advance(0);
  assert(stopped.called);
  assertEquals(factory.told, ["start", "stop"]);
});

Deno.test("RaisingMemoryReactor: it throws what it was made to throw", () => {
  const connectException = new ConnectionRefusedError("no");
  const listenException = new Error("not here");
  const factory = new Notes();
  const reactor = new RaisingMemoryReactor({
    connectException,
    listenException,
  });
  const raised = assertThrows(() => reactor.connectTCP("a", 1, factory));
  assertStrictEquals(raised, connectException);
  const tls = { cert: "", key: "" };
  const attempts = [
    () => reactor.connectSSL("a", 1, factory),
    () => reactor.connectUNIX("/run/a", factory),
  ];
  for (const attempt of attempts) {
    assertStrictEquals(assertThrows(attempt), connectException);
  }
  const openings = [
    () => reactor.listenTCP(1, factory),
    () => reactor.listenSSL(1, factory, tls),
    () => reactor.listenUNIX("/run/a", factory),
  ];
  for (const opening of openings) {
    assertStrictEquals(assertThrows(opening), listenException);
  }
  assertEquals(factory.told, []);
  const other = new RaisingMemoryReactor({});
  other.listenTCP(1, factory);
  other.listenSSL(2, factory, tls);
  other.listenUNIX("/run/a", factory);
  other.connectTCP("a", 1, factory).disconnect();
  other.connectSSL("a", 1, factory).disconnect();
  other.connectUNIX("/run/b", factory).disconnect();
});

// --- connectProtocols

class EchoLines extends LineReceiver {
  reason: Failure | undefined;
  override lineReceived(line: Uint8Array): void {
    if (text(line) === ".throw") throw new Error("no such line");
    this.sendLine(line);
    if (text(line) === ".lose") this.transport.loseConnection();
    if (text(line) === ".abort") this.transport.abortConnection();
  }
  override connectionLost(reason: Failure): void {
    this.reason = reason;
  }
}

const connectEcho = () =>
  connectProtocols(new AccumulatingProtocol(), new EchoLines());

/** Says when data came, and how many bytes. */
class Sizes extends AccumulatingProtocol {
  sizes: number[] = [];
  override dataReceived(data: Uint8Array): void {
    this.sizes.push(data.length);
    super.dataReceived(data);
  }
}

Deno.test("connectProtocols: bytes move in pieces of any size", () => {
  for (const size of [1, 2, 7, 100, undefined]) {
    const pump = connectEcho();
    pump.client.transport.write(bytes("one\r\ntwo\r\nthr"));
    assert(pump.flush(size));
    assertEquals(text(pump.client.data), "one\r\ntwo\r\n");
    assert(!pump.flush(size));
  }
});

Deno.test("connectProtocols: a step moves no more than it is told, both ways", () => {
  const pump = connectProtocols(new Sizes(), new Sizes());
  pump.client.transport.writeSequence([bytes("ab"), bytes("cde")]);
  pump.server.transport.write(bytes("x"));
  assertEquals(pump.server.data.length, 0);
  assert(pump.pump(4));
  assertEquals(pump.server.sizes, [4]);
  assertEquals(pump.client.sizes, [1]);
  assert(pump.pump(4));
  assertEquals(pump.server.sizes, [4, 1]);
  assert(!pump.pump(4));
  assertThrows(() => pump.pump(0), RangeError);
});

Deno.test("connectProtocols: pieces of random sizes make no difference", () => {
  for (let seed = 0; seed < 20; seed++) {
    const random = randomNumbers(seed);
    const pump = connectEcho();
    const input = Array.from({ length: 50 }, (_, at) => `line ${at}\r\n`);
    pump.client.transport.write(bytes(input.join("")));
    pump.flush(() => 1 + Math.floor(random() * 20));
    assertEquals(text(pump.client.data), input.join(""));
  }
});

Deno.test("connectProtocols: the server is told first, and what it says waits", () => {
  const told: string[] = [];
  class Told extends Protocol {
    readonly name: string;
    constructor(name: string) {
      super();
      this.name = name;
    }
    override connectionMade(): void {
      told.push(this.name);
      this.transport.write(bytes(this.name));
    }
    override dataReceived(data: Uint8Array): void {
      told.push(`${this.name}: ${text(data)}`);
    }
  }
  const pump = connectProtocols(new Told("client"), new Told("server"));
  assertEquals(told, ["server", "client"]);
  pump.flush();
  assertEquals(told.slice(2).sort(), ["client: server", "server: client"]);
});

Deno.test("connectProtocols: each end has the other's address", () => {
  const { clientTransport, serverTransport } = connectEcho();
  assert(clientTransport.getHost().equals(serverTransport.getPeer()));
  assert(serverTransport.getHost().equals(clientTransport.getPeer()));
});

Deno.test("connectProtocols: what was written is sent before the connection closes", () => {
  const pump = connectEcho();
  pump.client.transport.write(bytes("one\r\n.lose\r\nnot seen\r\n"));
  pump.flush(1);
  assertEquals(text(pump.client.data), "one\r\n.lose\r\n");
  assert(pump.client.closedReason?.check(ConnectionDone));
  assert(pump.server.reason?.check(ConnectionDone));
  assert(!pump.clientTransport.connected && !pump.serverTransport.connected);
});

Deno.test("connectProtocols: an aborted connection breaks for the other", () => {
  const pump = connectEcho();
  pump.client.transport.write(bytes(".abort\r\n"));
  pump.flush();
  assertEquals(pump.client.data.length, 0);
  assert(pump.server.reason?.check(ConnectionAborted));
  assert(pump.client.closedReason?.check(ConnectionLost));
  assert(!pump.client.closedReason?.check(ConnectionAborted));
});

Deno.test("connectProtocols: what a protocol throws ends its connection, and comes out", () => {
  const pump = connectEcho();
  pump.client.transport.write(bytes(".throw\r\n"));
  assertThrows(() => pump.flush(), Error, "no such line");
  assertEquals(pump.server.reason?.getErrorMessage(), "no such line");
  pump.flush();
  assert(pump.client.closedReason?.check(ConnectionDone));
});

Deno.test("connectProtocols: an error that comes later goes to the log", async () => {
  class Later extends Protocol {
    override dataReceived(): Promise<void> {
      return Promise.reject(new Error("late"));
    }
  }
  const pump = connectProtocols(new AccumulatingProtocol(), new Later());
  pump.client.transport.write(bytes("x"));
  const logged = new Promise<string | undefined>((resolve) => {
    const forget = log.addObserver((event) => {
      forget();
      resolve(event.failure?.getErrorMessage());
    });
  });
  pump.flush();
  assertEquals(await logged, "late");
});

Deno.test("connectProtocols: while one side is paused, the other has to wait", () => {
  const pump = connectProtocols(new Sizes(), new Sizes());
  pump.server.transport.pauseProducing();
  pump.client.transport.write(bytes("abcdef"));
  pump.client.transport.loseConnection();
  pump.flush(2);
  assertEquals(pump.server.sizes, []);
  assert(pump.clientTransport.disconnecting && pump.clientTransport.connected);
  pump.server.transport.resumeProducing();
  pump.flush(2);
  assertEquals(pump.server.sizes, [2, 2, 2]);
  assert(pump.client.closed && pump.server.closed);
});

Deno.test("connectProtocols: producers are told as by a real connection", () => {
  const pump = connectProtocols(new AccumulatingProtocol(), new Sizes());
  const push = new Producer();
  pump.clientTransport.registerProducer(push, true);
  pump.clientTransport.write(new Uint8Array(200_000));
  assertEquals(push.told, ["pause"]);
  pump.flush();
  assertEquals(push.told, ["pause", "resume"]);
  assertEquals(pump.server.data.length, 200_000);
  pump.serverTransport.loseConnection();
  pump.flush();
  assertEquals(push.told, ["pause", "resume", "stop"]);
});

Deno.test("connectProtocols: two that never stop talking are an error", () => {
  class Parrot extends Protocol {
    override dataReceived(data: Uint8Array): void {
      this.transport.write(data);
    }
  }
  const pump = connectProtocols(new Parrot(), new Parrot());
  pump.client.transport.write(bytes("again"));
  assertThrows(() => pump.flush(), Error, "still busy");
});
