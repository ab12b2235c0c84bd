// A program as it is written with `exactOptionalPropertyTypes`, which `tsc
// --init` turns on. It is compiled and not run: what it hands over may be
// undefined, which there is not the same as to leave it out.

import {
  ClientCreator,
  clientFromString,
  type Clock,
  type ConnectSSLOptions,
  type ConnectTCPOptions,
  type ConnectUNIXOptions,
  Cooperator,
  Deferred,
  DeferredList,
  Factory,
  Failure,
  FileSender,
  gatherResults,
  HostnameEndpoint,
  Int8StringReceiver,
  type IPv4Address,
  LimitTotalConnectionsFactory,
  LineReceiver,
  type ListenSSLOptions,
  type ListenTCPOptions,
  type ListenUNIXOptions,
  LoopingCall,
  NetstringReceiver,
  Protocol,
  type ProtocolLike,
  ProtocolWrapper,
  Reactor,
  ReconnectingClientFactory,
  runtimeBackend,
  ServerFactory,
  serverFromString,
  SSL4ClientEndpoint,
  SSL4ServerEndpoint,
  TCP4ClientEndpoint,
  TCP4ServerEndpoint,
  TCP6ClientEndpoint,
  TCP6ServerEndpoint,
  ThrottlingFactory,
  TimeoutFactory,
  TimeoutMixin,
  type Transport,
  UNIXClientEndpoint,
  UNIXServerEndpoint,
  wrapClientTLS,
  WrappingFactory,
} from "@deferno/deferno";
import {
  type AccumulatingFactory,
  connectProtocols,
  MemoryReactor,
  RaisingMemoryReactor,
  StringTransport,
} from "@deferno/deferno/testing";

/** What a program's own options hold: it may not be there. */
declare const maybe: {
  number: number | undefined;
  text: string | undefined;
  texts: string[] | undefined;
  flag: boolean | undefined;
  period: number | null | undefined;
  bind: [string, number] | undefined;
  clock: Clock | undefined;
  address: IPv4Address | undefined;
  error: Error | undefined;
  transform: ((piece: Uint8Array) => Uint8Array) | undefined;
  protocol: (new () => Protocol) | undefined;
};

class Line extends LineReceiver {
  override delimiter = new Uint8Array([10]);
  // deno-lint-ignore camelcase -- the name of the field
  override MAX_LENGTH = 80;
  override lineReceived(line: Uint8Array): void {
    this.sendLine(line);
  }
  override logPrefix(): string {
    return "a line";
  }
}

class Half extends Protocol {
  readConnectionLost(): void {
    this.transport.loseWriteConnection();
  }
  writeConnectionLost(): void {}
}

class Wrapper extends ProtocolWrapper {
  override readConnectionLost(): void {}
  override writeConnectionLost(): void {}
}

class Wrapping extends WrappingFactory {
  override wrapProtocol(protocol: ProtocolLike): Wrapper {
    return new Wrapper(this, protocol);
  }
}

class Again extends ReconnectingClientFactory {
  override protocol = maybe.protocol;
  override delay = 0.05;
  override initialDelay = 1;
  override maxDelay = 60;
  override factor = 2;
  override jitter = undefined;
  override maxRetries = maybe.number;
}

class Server extends ServerFactory {
  override protocol = Line;
}

export function reactors(): Reactor {
  const reactor = new Reactor({
    backend: runtimeBackend,
    clock: maybe.clock,
    log: undefined,
  });
  new RaisingMemoryReactor({
    listenException: maybe.error,
    connectException: maybe.error,
  });
  reactor.run({ installSignalHandlers: maybe.flag });
  return new MemoryReactor();
}

export function connections(reactor: Reactor): void {
  const clock = reactor;
  const inner = new Server();
  const limited = LimitTotalConnectionsFactory.forProtocol(Half);
  limited.connectionLimit = maybe.number;
  limited.overflowProtocol = maybe.protocol;
  const wrapped = new TimeoutFactory(limited, {
    clock,
    timeoutPeriod: maybe.period,
  });
  const throttled = new ThrottlingFactory(new Wrapping(wrapped), {
    clock,
    maxConnectionCount: maybe.number,
    readLimit: maybe.number,
    writeLimit: maybe.number,
  });
  const tcp: ConnectTCPOptions = {
    timeout: maybe.period,
    bindAddress: maybe.bind,
  };
  const listen: ListenTCPOptions = {
    interface: maybe.text,
    backlog: maybe.number,
    reusePort: maybe.flag,
  };
  const client: ConnectSSLOptions = {
    ...tcp,
    cert: maybe.text,
    key: maybe.text,
    hostname: maybe.text,
    caCerts: maybe.texts,
    alpnProtocols: maybe.texts,
    verify: maybe.flag,
  };
  const server: ListenSSLOptions = {
    ...listen,
    cert: "",
    key: "",
    clientCaCerts: maybe.texts,
    alpnProtocols: maybe.texts,
  };
  const unix: ConnectUNIXOptions = {
    timeout: maybe.period,
    checkPID: maybe.flag,
  };
  const listenUnix: ListenUNIXOptions = {
    backlog: maybe.number,
    mode: maybe.number,
    wantPID: maybe.flag,
  };
  reactor.listenTCP(0, throttled, listen);
  reactor.listenTCP(0, inner, { backlog: undefined });
  reactor.listenSSL(0, limited, server);
  reactor.listenUNIX("/tmp/poems", wrapped, listenUnix);
  const again = new TimeoutFactory(new Again(clock), { clock });
  reactor.connectTCP("localhost", 1, again, { timeout: undefined });
  reactor.connectTCP("localhost", 1, again, tcp);
  reactor.connectSSL("localhost", 1, new Again(clock), client);
  reactor.connectUNIX("/tmp/poems", new Wrapping(again), unix);
  new ClientCreator(reactor, Line).connectTCP("localhost", 1, tcp);

  new TCP4ClientEndpoint(reactor, "localhost", 1, tcp).connect(limited);
  new TCP6ClientEndpoint(reactor, "localhost", 1, tcp).connect(inner);
  new HostnameEndpoint(reactor, "localhost", 1, {
    ...tcp,
    attemptDelay: maybe.number,
  }).connect(wrapped);
  new SSL4ClientEndpoint(reactor, "localhost", 1, client).connect(throttled);
  new UNIXClientEndpoint(reactor, "/tmp/poems", unix).connect(inner);
  new TCP4ServerEndpoint(reactor, 1, listen).listen(throttled);
  new TCP6ServerEndpoint(reactor, 1, listen).listen(inner);
  new SSL4ServerEndpoint(reactor, 1, server).listen(inner);
  new UNIXServerEndpoint(reactor, "/tmp/poems", listenUnix).listen(inner);
  serverFromString(reactor, "tcp:1").listen(wrapped);
  wrapClientTLS(
    { hostname: maybe.text, verify: maybe.flag },
    clientFromString(reactor, "tcp:localhost:1"),
  ).connect(Factory.forProtocol(Line));
}

export function protocols(clock: Clock, transport: Transport): ProtocolLike[] {
  class Timed extends TimeoutMixin(Line, clock) {
    override timeOut = 30;
  }
  const bare: ProtocolLike = {
    makeConnection: () => {},
    dataReceived: () => {},
    connectionLost: () => {},
    readConnectionLost: undefined,
    handshakeCompleted: undefined,
    logPrefix: undefined,
  };
  transport.startTLS({ hostname: maybe.text, caCerts: maybe.texts });
  connectProtocols(new Timed(), new Wrapper(new Wrapping(new Server()), bare));
  const factory: AccumulatingFactory = { protocolConnectionMade: undefined };
  void factory;
  return [new Timed(), new Half(), new NetstringReceiver(), bare];
}

export function others(clock: Clock, failure: Failure): void {
  new StringTransport({
    hostAddress: maybe.address,
    peerAddress: maybe.address,
  });
  new FileSender().beginFileTransfer(
    { read: () => Promise.resolve(null) },
    new StringTransport(),
    { transform: maybe.transform },
  );
  new Cooperator(clock, {
    terminationPredicateFactory: undefined,
    scheduler: undefined,
    started: maybe.flag,
  });
  new LoopingCall(clock, () => {}).interval = 1;
  new DeferredList([new Deferred<string>()], {
    fireOnOneErrback: maybe.flag,
    consumeErrors: maybe.flag,
  });
  gatherResults([new Deferred<string>()], { consumeErrors: maybe.flag });
  new Int8StringReceiver().connectionLost(failure);
  new Failure(maybe.error, { raised: maybe.flag });
}
