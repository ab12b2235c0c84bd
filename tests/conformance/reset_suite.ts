/**
 * Connections that the peer resets: at each point of their life.
 *
 * What is the same every time: the reason is a `ConnectionLost`, each callback
 * that is due comes once, nothing is logged, and nothing is left.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { Stream } from "../../mod.ts";
import { highestDescriptor } from "../support/descriptors.ts";
import type { Suite } from "./conformance.ts";
import {
  bytes,
  fail,
  type Hooks,
  HOST,
  LARGE,
  type Network,
  Oops,
  type Recorder,
  type Side,
  SOME_TURNS,
} from "./network.ts";

type Name = "client" | "server";

/** Which side of the connections is looked at: the other resets them. */
const SIDES: Name[] = ["client", "server"];

export function resetSuite(suite: Suite): void {
  for (const us of SIDES) {
    const reset = resetTest(suite, us);
    whileOpen(reset);
    inACallback(reset);
    withDataToSend(reset);
    whilePaused(reset);
    halfClosed(reset);
    bothAtOnce(reset);
    behindData(suite, us);
  }
}

/** A connection with a peer that resets it. */
class Reset {
  readonly net: Network;
  readonly us: Name;
  readonly peer: Name;
  #ours: Side | undefined;
  #theirs: Side | undefined;

  constructor(net: Network, us: Name) {
    this.net = net;
    this.us = us;
    this.peer = us === "client" ? "server" : "client";
  }

  get ours(): Side {
    return this.#ours ?? fail(new Error("There is no connection yet"));
  }

  get theirs(): Side {
    return this.#theirs ?? fail(new Error("There is no connection yet"));
  }

  connect(ours: Hooks, theirs: Hooks = {}): void {
    const { us, peer } = this;
    const sides = this.net.pair({ [us]: ours, [peer]: theirs });
    this.#ours = sides[us];
    this.#theirs = sides[peer];
  }

  /** Runs until both sides are connected, and what `fn` does then is done. */
  async runConnected(fn: () => Promise<void>): Promise<void> {
    const { net } = this;
    await net.runConnected(async () => {
      await fn();
    });
  }

  reset(): void {
    this.theirs.protocolBuilt.transport.abortConnection();
  }

  /** Waits until our side was notified of the end. */
  heard(): Promise<void> {
    return this.net.happened(this.#last);
  }

  /** Waits until both sides were notified of the end. */
  over(): Promise<void> {
    return this.net.happened(this.#last, `${this.peer} connectionLost`);
  }

  get #last(): string {
    const isClient = this.us === "client";
    return isClient ? "client stopFactory" : "server connectionLost";
  }

  /** Runs until the hooks have had the connection broken. */
  async runUntilOver(): Promise<void> {
    const over = this.over();
    await this.net.runWith(() => over);
  }

  /** Has the peer break the connection, which our side is not to hear of yet. */
  async resetUnnoticed(): Promise<void> {
    const lost = this.net.happened(`${this.peer} connectionLost`);
    this.reset();
    await lost;
    await this.net.turns(SOME_TURNS);
    assertEquals(this.ours.protocolBuilt.transport.connected, true);
  }

  /** The hooks of a side that goes on with half a connection. */
  goingOn(name: Name, readConnectionLost = (_: Recorder) => {}): Hooks {
    const side = () => name === this.us ? this.ours : this.theirs;
    return {
      buildProtocol: (protocol) =>
        Object.assign(protocol, {
          readConnectionLost() {
            side().record("readConnectionLost");
            readConnectionLost(protocol);
          },
          writeConnectionLost: () => side().record("writeConnectionLost"),
        }),
    };
  }

  /** The notifications of our side after it was connected, and no others. */
  checkEnd(reason: string, before: string[] = []): void {
    const { events } = this.ours;
    const heard = events.slice(events.indexOf("connectionMade") + 1);
    const factory = [`clientConnectionLost ${reason}`, "doStop", "stopFactory"];
    assertEquals(heard, [
      ...before,
      `connectionLost ${reason}`,
      ...(this.us === "client" ? factory : []),
    ]);
    assertEquals(this.net.errors, []);
  }
}

/** Defines a test with one side of a connection that the other will reset. */
type ResetTest = (
  name: string,
  fn: (reset: Reset) => Promise<void>,
) => void;

function resetTest({ testPeer }: Suite, us: Name): ResetTest {
  return (name, fn) => {
    testPeer(`${name}, seen by the ${us}`, us, async (net) => {
      const before = highestDescriptor();
      await fn(new Reset(net, us));
      assertEquals(highestDescriptor(), before);
    });
  };
}

function whileOpen(test: ResetTest): void {
  test("connection reset: before the first byte is a ConnectionLost", async (it) => {
    it.connect({});
    await it.runConnected(async () => {
      const over = it.over();
      it.reset();
      await over;
    });
    it.checkEnd("ConnectionLost");
    assert(it.theirs.events.includes("connectionLost ConnectionAborted"));
  });

  test("connection reset: in the middle is a ConnectionLost, after what has come", async (it) => {
    it.connect(
      { dataReceived: () => it.net.record("got it") },
      { connectionMade: (protocol) => protocol.write("half a poem") },
    );
    await it.runConnected(async () => {
      if (it.ours.protocolBuilt.received === "") {
        await it.net.happened("got it");
      }
      const over = it.over();
      it.reset();
      await over;
    });
    it.checkEnd("ConnectionLost");
    assertEquals(it.ours.protocolBuilt.received, "half a poem");
  });
}

/** What a peer does that breaks the connection, and fails right after that. */
const FAILING: Record<string, () => unknown> = {
  throws: () => fail(new Oops("no")),
  "returns a promise that is rejected": () => Promise.reject(new Oops("no")),
};

function inACallback(test: ResetTest): void {
  for (const [way, failing] of Object.entries(FAILING)) {
    test(`connection reset: by a callback that then ${way} is a ConnectionLost`, async (it) => {
      it.connect({
        connectionMade: (protocol) => protocol.write("hello"),
      }, {
        dataReceived({ transport }) {
          transport.abortConnection();
          return failing();
        },
      });
      await it.runUntilOver();
      assertEquals(it.net.errors.splice(0), [
        "Unhandled error in dataReceived of Recorder: Oops: no",
      ]);
      it.checkEnd("ConnectionLost");
    });
  }
}

function withDataToSend(test: ResetTest): void {
  const reading: Hooks = {
    dataReceived: ({ transport }) => transport.abortConnection(),
  };

  test("connection reset: with data still to send is a ConnectionLost", async (it) => {
    it.connect({
      connectionMade: ({ transport }) => transport.write(new Uint8Array(LARGE)),
    }, reading);
    await it.runUntilOver();
    it.checkEnd("ConnectionLost");
  });

  test("connection reset: after loseConnection, with data still to send, is a ConnectionLost", async (it) => {
    it.connect({
      connectionMade({ transport }) {
        transport.write(new Uint8Array(LARGE));
        transport.loseConnection();
      },
    }, reading);
    await it.runUntilOver();
    it.checkEnd("ConnectionLost");
  });

  test("connection reset: stops the paused producer first of all", async (it) => {
    it.connect({
      connectionMade({ transport }) {
        const producer = {
          pauseProducing: () => it.ours.record("pauseProducing"),
          resumeProducing: () => it.ours.record("resumeProducing"),
          stopProducing: () => it.ours.record("stopProducing"),
        };
        transport.registerProducer(producer, true);
        transport.write(new Uint8Array(LARGE));
      },
    }, reading);
    await it.runUntilOver();
    it.checkEnd("ConnectionLost", ["pauseProducing", "stopProducing"]);
  });

  test("connection reset: stops the producer that is asked for each piece", async (it) => {
    it.connect({
      connectionMade({ transport }) {
        const producer = {
          resumeProducing: () => transport.write(new Uint8Array(LARGE / 512)),
          stopProducing: () => it.ours.record("stopProducing"),
        };
        transport.registerProducer(producer, false);
      },
    }, reading);
    await it.runUntilOver();
    it.checkEnd("ConnectionLost", ["stopProducing"]);
  });
}

function whilePaused(test: ResetTest): void {
  const pausing: Hooks = {
    connectionMade: ({ transport }) => transport.pauseProducing(),
  };

  test("connection reset: while it is paused is noticed when it goes on", async (it) => {
    it.connect(pausing);
    await it.runConnected(async () => {
      await it.resetUnnoticed();
      const heard = it.heard();
      it.ours.protocolBuilt.transport.resumeProducing();
      await heard;
    });
    it.checkEnd("ConnectionLost");
  });

  test("connection reset: while it is paused is noticed when it sends", async (it) => {
    it.connect(pausing);
    await it.runConnected(async () => {
      await it.resetUnnoticed();
      const heard = it.heard();
      it.ours.protocolBuilt.write("are you there?");
      await heard;
    });
    it.checkEnd("ConnectionLost");
  });
}

function halfClosed(test: ResetTest): void {
  test("connection reset: after it has sent everything is a ConnectionLost", async (it) => {
    it.connect({
      ...it.goingOn(it.us),
      connectionMade: ({ transport }) => transport.loseWriteConnection(),
    }, it.goingOn(it.peer, ({ transport }) => transport.abortConnection()));
    await it.runUntilOver();
    it.checkEnd("ConnectionLost", ["writeConnectionLost"]);
  });

  test("connection reset: after the peer has sent everything is noticed when it sends", async (it) => {
    const ended = Promise.withResolvers<void>();
    it.connect(it.goingOn(it.us, () => ended.resolve()), {
      ...it.goingOn(it.peer),
      connectionMade: ({ transport }) => transport.loseWriteConnection(),
    });
    await it.runConnected(async () => {
      await ended.promise;
      await it.resetUnnoticed();
      const heard = it.heard();
      it.ours.protocolBuilt.write("are you there?");
      await heard;
    });
    it.checkEnd("ConnectionLost", ["readConnectionLost"]);
  });

  test("connection reset: in the moment in which it has sent everything is noticed when we send", async (it) => {
    const ended = Promise.withResolvers<void>();
    it.connect(it.goingOn(it.us, () => ended.resolve()), {
      buildProtocol: (protocol) =>
        Object.assign(protocol, {
          readConnectionLost() {},
          writeConnectionLost: () => protocol.transport.abortConnection(),
        }),
    });
    await it.runConnected(async () => {
      const lost = it.net.happened(`${it.peer} connectionLost`);
      it.theirs.protocolBuilt.transport.loseWriteConnection();
      await lost;
      await it.net.turns(SOME_TURNS);
      const { transport } = it.ours.protocolBuilt;
      // Where the system tells of both at once, there is nothing to wait for.
      if (!transport.connected) return;
      await ended.promise;
      const heard = it.heard();
      transport.write(bytes("are you there?"));
      await heard;
    });
    const { events } = it.ours;
    assert(events.includes("connectionLost ConnectionLost"), `${events}`);
    assertEquals(it.net.errors, []);
  });
}

/** The peer's end of a connection to a side of ours, past any reactor. */
function peerOf(net: Network, us: Name, hooks: Hooks): Promise<Stream> {
  if (us === "server") {
    const { port } = net.listen(hooks).port.getHost();
    return new Promise((resolve, reject) => {
      net.backend.connect({ hostname: HOST, port }, (outcome) => {
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      });
    });
  }
  const options = { hostname: HOST, port: 0, backlog: 1, reusePort: false };
  const listener = net.backend.listen(options);
  const client = net.side("client", hooks);
  net.reactor.connectTCP(HOST, listener.address.port, client);
  return new Promise((resolve, reject) => {
    const readable = () => {
      const accepted = listener.accept();
      listener.close();
      if (accepted instanceof Error) reject(accepted);
      else if (accepted !== undefined) resolve(accepted);
    };
    listener.pollRead({ readable, writable() {} });
  });
}

function behindData({ testPeer, exceptions }: Suite, us: Name): void {
  testPeer(
    `connection reset: right behind the last data is a ConnectionLost after it, seen by the ${us}`,
    us,
    async (net) => {
      const made = net.happened(`${us} connectionMade`);
      await net.runWith(async () => {
        const peer = await peerOf(net, us, {});
        await made;
        const lost = net.happened(`${us} connectionLost`);
        // Both have arrived before our side can have read the first.
        peer.send(bytes("half a poem"));
        peer.abort();
        await lost;
      });
      const [{ events, protocolBuilt }] = net.sides(us) as [Side];
      assert(events.includes("connectionLost ConnectionLost"), `${events}`);
      const { losesUntaken, breakable } = exceptions;
      // Another backend's peer may have sent nothing by then.
      const isWhole = (losesUntaken ?? breakable) === undefined;
      const { received } = protocolBuilt;
      if (isWhole || received !== "") assertEquals(received, "half a poem");
      assertEquals(net.errors, []);
    },
  );
}

function bothAtOnce(test: ResetTest): void {
  test("connection reset: at the same time as its own is a ConnectionAborted", async (it) => {
    it.connect({});
    await it.runConnected(async () => {
      const over = it.over();
      it.ours.protocolBuilt.transport.abortConnection();
      it.reset();
      await over;
    });
    it.checkEnd("ConnectionAborted");
  });

  test("connection reset: in a callback that throws leaves the error as the reason", async (it) => {
    it.connect({
      dataReceived() {
        it.reset();
        throw new Oops("no");
      },
    }, { connectionMade: (protocol) => protocol.write("hello") });
    await it.runUntilOver();
    const { errors } = it.net;
    assertEquals(errors.splice(0), [
      "Unhandled error in dataReceived of Recorder: Oops: no",
    ]);
    it.checkEnd("Oops");
  });
}
