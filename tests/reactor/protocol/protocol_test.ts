import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  ClientFactory,
  Deferred,
  Factory,
  IPv4Address,
  log,
  Protocol,
  ServerFactory,
} from "../../../mod.ts";
import { makeReactor, runWith, turns } from "../../support/reactors.ts";

const PEER = new IPv4Address("TCP", "127.0.0.1", 10000);

class Counting extends Factory {
  readonly events: string[] = [];
  override startFactory(): void {
    this.events.push("start");
  }
  override stopFactory(): void {
    this.events.push("stop");
  }
}

Deno.test("Factory: a factory builds protocols of its class, which know it", () => {
  class Poem extends Protocol {}
  const factory = Factory.forProtocol(Poem);
  const protocol = factory.buildProtocol(PEER);
  assert(protocol instanceof Poem);
  assert(protocol?.factory === factory);
  assert(factory.buildProtocol(PEER) !== protocol);
});

Deno.test("Factory: what a factory calls itself is asked for, in every message about it", async () => {
  class Named extends ClientFactory {
    override logPrefix(): string {
      return "Poets & Co";
    }
    override startFactory(): void {
      return Promise.reject(new Error("no start")) as unknown as void;
    }
    override buildProtocol(): never {
      throw new Error("no protocol");
    }
    override startedConnecting(): void {
      return Promise.reject(new Error("no hurry")) as unknown as void;
    }
    override clientConnectionLost(): void {
      throw new Error("no loss");
    }
    override stopFactory(): void {
      throw new Error("no stop");
    }
  }
  const messages: string[] = [];
  const forget = log.addObserver(({ text }) => messages.push(text));
  const { reactor, errors } = makeReactor();
  const port = reactor.listenTCP(0, new Named());
  const lost = new Deferred<void>();
  class Losing extends Named {
    override clientConnectionLost(): void {
      lost.callback();
      super.clientConnectionLost();
    }
  }
  reactor.connectTCP("localhost", port.getHost().port, new Losing());
  await runWith(reactor, async () => {
    await lost;
    await turns(reactor, 5);
  });
  forget();
  assertEquals(messages, [
    "Starting factory Poets & Co",
    "Starting factory Poets & Co",
    "Stopping factory Poets & Co",
    "Stopping factory Poets & Co",
  ]);
  assert(errors.length >= 7, errors.join("\n"));
  for (const error of errors) {
    assertMatch(error, /^Unhandled error in \w+ of Poets & Co:/);
  }
});

Deno.test("Factory: forProtocol makes a factory of the class it is called on, with arguments", () => {
  class PoemFactory extends ClientFactory {
    readonly lines: number;
    constructor(lines: number) {
      super();
      this.lines = lines;
    }
  }
  const factory = PoemFactory.forProtocol(Protocol, 14);
  assert(factory instanceof PoemFactory);
  assertEquals([factory.protocol, factory.lines], [Protocol, 14]);
});

Deno.test("Factory: a factory without a protocol says what to do about it", () => {
  class PoemFactory extends ServerFactory {}
  assertThrows(
    () => new PoemFactory().buildProtocol(PEER),
    TypeError,
    "PoemFactory cannot build a protocol",
  );
});

Deno.test("Factory: a factory starts with its first user and stops with its last", () => {
  const factory = new Counting();
  assertEquals(factory.numPorts, 0);
  factory.doStart();
  factory.doStart();
  assertEquals([factory.events, factory.numPorts], [["start"], 2]);
  factory.doStop();
  assertEquals(factory.events, ["start"]);
  factory.doStop();
  assertEquals([factory.events, factory.numPorts], [["start", "stop"], 0]);
  factory.doStop();
  assertEquals([factory.events, factory.numPorts], [["start", "stop"], 0]);
  factory.doStart();
  assertEquals(factory.events, ["start", "stop", "start"]);
});

Deno.test("Factory: a factory that could not start is not started", () => {
  class Failing extends Factory {
    override startFactory(): void {
      throw new Error("no ink");
    }
  }
  const factory = new Failing();
  assertThrows(() => factory.doStart(), Error, "no ink");
  assertEquals(factory.numPorts, 0);
});

Deno.test("Factory: a noisy factory tells the log when it starts and stops", () => {
  const texts: string[] = [];
  const forget = log.addObserver(({ text }) => texts.push(text));
  const noisy = new Counting();
  const quiet = new Counting();
  quiet.noisy = false;
  for (const factory of [noisy, quiet]) {
    factory.doStart();
    factory.doStart();
    factory.doStop();
    factory.doStop();
    factory.doStop();
  }
  forget();
  assertEquals(texts, [
    "Starting factory Counting",
    "Stopping factory Counting",
  ]);
});

Deno.test("Protocol: a protocol is not connected before it has a transport", () => {
  const protocol = new Protocol();
  assertEquals(protocol.connected, false);
  assertEquals([protocol.transport, protocol.factory], [undefined, undefined]);
  // Its callbacks do nothing unless they are overridden.
  protocol.connectionMade();
  protocol.dataReceived(new Uint8Array(1));
  protocol.connectionLost();
});
