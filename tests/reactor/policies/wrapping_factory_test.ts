import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  Clock,
  ConnectionDone,
  Failure,
  LineReceiver,
  Protocol,
  type ProtocolLike,
  ProtocolWrapper,
  TimeoutFactory,
  TimeoutProtocol,
  WrappingFactory,
} from "../../../mod.ts";
import {
  AccumulatingProtocol,
  connectProtocols,
  StringTransport,
} from "../../../testing.ts";
import { bytes, text } from "../protocols/support.ts";
import { makeReactor, runReactor } from "../../support/reactors.ts";
import {
  connect,
  EmptyFactory,
  NotingFactory,
  PEER,
  present,
  Producer,
  reason,
} from "./support.ts";

function wrap() {
  const inner = new NotingFactory();
  const factory = new WrappingFactory(inner);
  factory.noisy = false;
  const wrapper = present(factory.buildProtocol(PEER));
  const wrapped = present(inner.built[0]);
  return { inner, factory, wrapper, wrapped };
}

Deno.test("WrappingFactory: the wrapper is the transport of the wrapped protocol", () => {
  const { inner, factory, wrapper, wrapped } = wrap();
  assertStrictEquals(wrapper.wrappedProtocol, wrapped);
  assertStrictEquals(wrapper.factory, factory);
  assertStrictEquals(wrapped.factory, inner);
  assertEquals(factory.protocols.size, 0);
  const { transport } = connect(wrapper);
  assertStrictEquals(wrapped.transport, wrapper);
  assertStrictEquals(wrapper.transport, transport);
  assertEquals([...factory.protocols], [wrapper]);
  wrapper.dataReceived(bytes("abc"));
  assertEquals(wrapped.told, ["made", "data 3"]);
});

Deno.test("WrappingFactory: the wrapped protocol hears of no end where it heard of no connection", () => {
  const { factory, wrapper, wrapped } = wrap();
  wrapper.connectionMade = () => {
    throw new RangeError("not this one");
  };
  assertThrows(() => connect(wrapper), RangeError, "not this one");
  wrapper.connectionLost(reason(new RangeError()));
  assertEquals(wrapped.told, []);
  assertEquals(factory.protocols.size, 0);
});

Deno.test("WrappingFactory: when the connection is over, the wrapper lets go", () => {
  const { factory, wrapper, wrapped } = wrap();
  connect(wrapper);
  wrapper.connectionLost(reason(new ConnectionDone()));
  assertEquals(wrapped.told, ["made", "lost: ConnectionDone, false"]);
  assertEquals(wrapper.wrappedProtocol, undefined);
  assertEquals(factory.protocols.size, 0);
  wrapper.dataReceived(bytes("nobody there"));
});

Deno.test("WrappingFactory: where nothing is built, nothing is wrapped", () => {
  const factory = new WrappingFactory(new EmptyFactory());
  assertEquals(factory.buildProtocol(PEER), null);
});

Deno.test("ProtocolWrapper: everything goes to the real transport", () => {
  const { wrapper, wrapped } = wrap();
  const { transport } = connect(wrapper);
  const through = wrapped.transport;
  through.write(bytes("a"));
  through.writeSequence([bytes("b"), bytes("c")]);
  assertEquals(text(transport.value()), "abc");
  assertStrictEquals(through.getPeer(), transport.getPeer());
  assertStrictEquals(through.getHost(), transport.getHost());
  through.pauseProducing();
  assertEquals(transport.producerState, "paused");
  through.resumeProducing();
  assertEquals(transport.producerState, "producing");
  const producer = new Producer();
  through.registerProducer(producer, true);
  assertStrictEquals(transport.producer, producer);
  assertEquals(transport.streaming, true);
  through.unregisterProducer();
  through.registerProducer(producer, false);
  assertEquals(transport.streaming, false);
  through.setTcpNoDelay(true);
  through.setTcpKeepAlive(true);
  assert(transport.getTcpNoDelay() && through.getTcpNoDelay());
  assert(transport.getTcpKeepAlive() && through.getTcpKeepAlive());
  through.loseWriteConnection();
  assert(transport.disconnectingWrite);
  assert(through.connected && !through.disconnecting);
  through.stopConsuming();
  assertEquals(transport.producer, undefined);
  assert(transport.disconnecting && through.disconnecting);
});

Deno.test("ProtocolWrapper: closing it closes the real transport", () => {
  for (const method of ["loseConnection", "stopProducing"] as const) {
    const { wrapper } = wrap();
    const { transport } = connect(wrapper);
    wrapper[method]();
    assert(transport.disconnecting && wrapper.disconnecting);
    assert(!transport.disconnected);
  }
  const { wrapper } = wrap();
  const { transport } = connect(wrapper);
  wrapper.abortConnection();
  assert(transport.disconnected && wrapper.disconnecting);
});

Deno.test("ProtocolWrapper: it is closing where its transport was told to close", () => {
  const { wrapper } = wrap();
  const { transport } = connect(wrapper);
  assert(!wrapper.disconnecting);
  transport.loseConnection();
  assert(wrapper.disconnecting);
});

Deno.test("ProtocolWrapper: handshakeCompleted is passed on, to who wants it", () => {
  const { factory } = wrap();
  const told: string[] = [];
  class Shaking extends Protocol {
    override handshakeCompleted(): void {
      told.push("completed");
    }
  }
  new ProtocolWrapper(factory, new Shaking()).handshakeCompleted();
  const bare = Object.assign(new Protocol(), { handshakeCompleted: undefined });
  new ProtocolWrapper(factory, bare as ProtocolLike).handshakeCompleted();
  assertEquals(told, ["completed"]);
});

Deno.test("ProtocolWrapper: a wrapped protocol hands nothing on after it has aborted", () => {
  const lines: string[] = [];
  class Aborting extends LineReceiver {
    override lineReceived(line: Uint8Array): void {
      lines.push(text(line));
      this.transport.abortConnection();
    }
  }
  const { factory } = wrap();
  const wrapper = new ProtocolWrapper(factory, new Aborting());
  const pump = connectProtocols(new AccumulatingProtocol(), wrapper);
  pump.clientTransport.write(bytes("one\r\ntwo\r\n"));
  pump.flush();
  assertEquals(lines, ["one"]);
  assert(pump.client.closed);
});

Deno.test("ProtocolWrapper: half-closing is for a wrapped protocol that wants it", () => {
  class HalfCloseable extends Protocol {
    told: string[] = [];
    readConnectionLost(): void {
      this.told.push("read lost");
      this.transport.write(bytes("still here"));
      this.transport.loseConnection();
    }
    writeConnectionLost(): void {
      this.told.push("write lost");
    }
  }
  const { factory } = wrap();
  const run = (wrapped: ProtocolLike) => {
    const wrapper = new ProtocolWrapper(factory, wrapped);
    const client = new HalfCloseable();
    client.readConnectionLost = () => {};
    const received: string[] = [];
    client.dataReceived = (data) => void received.push(text(data));
    const pump = connectProtocols(client, wrapper);
    pump.clientTransport.loseWriteConnection();
    pump.flush();
    assertEquals(client.told, ["write lost"]);
    assertEquals(pump.serverTransport.connected, false);
    return received;
  };
  const wrapped = new HalfCloseable();
  assertEquals(run(wrapped), ["still here"]);
  assertEquals(wrapped.told, ["read lost"]);
  assertEquals(run(new Protocol()), []);
});

Deno.test("ProtocolWrapper: a subclass can hear of half a connection itself", () => {
  class Hearing extends ProtocolWrapper {
    told: string[] = [];
    override readConnectionLost(): void {
      this.told.push("read lost");
      this.transport.loseWriteConnection();
    }
    override writeConnectionLost(): void {
      this.told.push("write lost");
    }
  }
  const { factory } = wrap();
  const wrapper = new Hearing(factory, new Protocol());
  const pump = connectProtocols(new Protocol(), wrapper);
  pump.clientTransport.loseWriteConnection();
  pump.flush();
  assertEquals(wrapper.told, ["read lost", "write lost"]);
});

Deno.test("ProtocolWrapper: the log names the wrapped protocol first, also after the end", () => {
  class Poet extends Protocol {}
  const { factory } = wrap();
  const inner = new ProtocolWrapper(factory, new Poet());
  const clock = new Clock();
  const outer = new TimeoutProtocol(
    new TimeoutFactory(factory, { clock }),
    inner,
  );
  const name = "Poet (ProtocolWrapper) (TimeoutProtocol)";
  assertEquals(outer.logPrefix(), name);
  outer.makeConnection(new StringTransport());
  outer.connectionLost(new Failure(new ConnectionDone()));
  assertEquals(outer.logPrefix(), name);
  class Named extends Poet {
    override logPrefix(): string {
      return "the poet";
    }
  }
  const named = new ProtocolWrapper(factory, new Named());
  assertEquals(named.logPrefix(), "the poet (ProtocolWrapper)");
});

Deno.test("ProtocolWrapper: a logPrefix that throws, or is no text, is the class's name", () => {
  class Shy extends Protocol {
    override logPrefix(): string {
      throw new Error("I am nobody");
    }
  }
  class Odd extends Protocol {
    override logPrefix(): string {
      return 7 as unknown as string;
    }
  }
  const { factory } = wrap();
  const names = [new Shy(), new Odd()].map((it) =>
    new ProtocolWrapper(factory, it).logPrefix()
  );
  assertEquals(names, ["Shy (ProtocolWrapper)", "Odd (ProtocolWrapper)"]);
});

Deno.test("WrappingFactory: it is started and stopped with the wrapped one", () => {
  const told: string[] = [];
  class Starting extends WrappingFactory {
    override noisy = false;
    override startFactory(): void {
      told.push("start");
    }
    override stopFactory(): void {
      told.push("stop");
    }
  }
  const inner = new NotingFactory();
  const factory = new Starting(inner);
  for (let port = 0; port < 2; port++) factory.doStart();
  assertEquals([factory.numPorts, inner.numPorts], [2, 2]);
  for (let port = 0; port < 2; port++) factory.doStop();
  assertEquals([told, inner.told], [["start", "stop"], ["start", "stop"]]);
});

Deno.test("WrappingFactory: the log names the wrapped factory first", () => {
  class Poets extends NotingFactory {}
  class Named extends NotingFactory {
    override logPrefix(): string {
      return "poetry";
    }
  }
  const names = [new Poets(), new Named()].map((it) =>
    new WrappingFactory(it).logPrefix()
  );
  assertEquals(names, ["Poets (WrappingFactory)", "poetry (WrappingFactory)"]);
});

Deno.test("WrappingFactory: both sides of real connections can be wrapped", async () => {
  const { reactor, errors } = makeReactor();
  const [server, client] = [new NotingFactory(), new NotingFactory()];
  const serverFactory = new WrappingFactory(server);
  const clientFactory = new WrappingFactory(client);
  serverFactory.noisy = clientFactory.noisy = false;
  const port = reactor.listenTCP(0, serverFactory);
  reactor.connectTCP("localhost", port.getHost().port, clientFactory);
  client.clientConnectionLost = (_connector, why) => {
    client.told.push(`lost: ${why.type?.name}`);
    reactor.callFromThread(() => reactor.stop());
  };
  client.buildProtocol = () => {
    const protocol = NotingFactory.prototype.buildProtocol.call(client);
    protocol.connectionMade = () => {
      protocol.transport.write(bytes("hello"));
      protocol.transport.loseConnection();
    };
    return protocol;
  };
  await runReactor(reactor);
  assertEquals(errors, []);
  assertEquals(client.told, [
    "start",
    "connecting, connecting",
    "lost: ConnectionDone",
    "stop",
  ]);
  assertEquals(server.told, ["start", "stop"]);
  assertEquals(server.built[0]?.told.slice(0, 2), ["made", "data 5"]);
  assertEquals([serverFactory.numPorts, clientFactory.numPorts], [0, 0]);
});

Deno.test("WrappingFactory: a failed attempt is passed on", async () => {
  const { reactor } = makeReactor();
  const inner = new NotingFactory();
  const factory = new WrappingFactory(inner);
  factory.noisy = false;
  inner.clientConnectionFailed = (_connector, why) => {
    inner.told.push(`failed: ${why.type?.name}`);
    reactor.stop();
  };
  reactor.connectTCP("localhost", 1, factory);
  await runReactor(reactor);
  assertEquals(inner.told.slice(2), ["failed: ConnectionRefusedError", "stop"]);
});
