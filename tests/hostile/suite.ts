// Every behaviour of a hostile peer, against every protocol, over one carrier:
// what holds each time.

import { assertEquals } from "@std/assert";
import { mkdtempSync, rmSync } from "node:fs";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import {
  ClientFactory,
  type ClientFactoryLike,
  Clock,
  type Connector,
  type ProtocolLike,
  type Reactor,
  runtimeBackend,
  TimeoutFactory,
} from "../../mod.ts";
import { makeReactor, runWith } from "../support/reactors.ts";
import {
  type Act,
  behaves,
  type Behaviour,
  ENDING,
  LASTING,
} from "./behaviours.ts";
import type { Carrier, SideName } from "./carriers.ts";
import { connectRaw, Peer, type Place, RawServer } from "./peer.ts";
import { type Receiver, RECEIVERS, SOME_RECEIVERS } from "./receivers.ts";
import { openSockets } from "./sockets.ts";
import { Witness } from "./witness.ts";

/** How long anything that has to happen may take, in seconds. */
const PATIENCE = 5;

/** Makes of a raw connection the peer that behaves. */
export type MakePeer = (raw: Socket, us: SideName) => Peer | Promise<Peer>;

const RAW: MakePeer = (raw) => new Peer(raw);

/** What a carrier's tests are made of. */
export interface HostileOptions {
  /** What lies over the raw connections of the peers. */
  readonly makePeer?: MakePeer;
  /** What a peer has to do before it can begin with TLS. */
  readonly makeRaw?: MakePeer;
  /** What makes of the factory the one that is used. */
  readonly wrap?: (factory: Witnesses) => ClientFactoryLike;
  /** What makes reasons of a carrier's own of those of a behaviour. */
  readonly reasons?: (behaviour: Behaviour) => readonly string[];
  /** Which sides are tried out. */
  readonly sides?: readonly SideName[];
  /** Which kinds of protocols are. */
  readonly receivers?: readonly Receiver[];
  /** What peers do that comes to its end by that. */
  readonly ending?: readonly Behaviour[];
  /** What peers do that has no end of its own. */
  readonly lasting?: readonly Behaviour[];
}

/** Waits until something is so. */
export async function until(
  what: string,
  isSo: () => boolean,
): Promise<void> {
  const start = performance.now();
  while (!isSo()) {
    if (performance.now() - start > PATIENCE * 1000) throw inVain(what);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** Waits until something is done. */
export async function within(
  what: string,
  done: Promise<unknown>,
): Promise<void> {
  const limit = Promise.withResolvers<never>();
  const cancel = runtimeBackend.setAlarm(
    PATIENCE,
    () => limit.reject(inVain(what)),
  );
  await Promise.race([done, limit.promise]).finally(cancel);
}

function inVain(what: string): Error {
  return new Error(`Waited ${PATIENCE} s in vain for ${what}`);
}

/** Makes protocols of one kind, each with a witness. */
export class Witnesses extends ClientFactory {
  override noisy = false;
  /** One for each connection that was made. */
  readonly all: Witness[] = [];
  /** How many attempts to connect have failed. */
  failed = 0;
  readonly #faults: string[] = [];
  /** Those that are still to be told of an end. */
  readonly #connectors = new Set<Connector>();
  readonly #make: () => ProtocolLike;

  /** @param make makes the protocols */
  constructor(make: () => ProtocolLike) {
    super();
    this.#make = make;
  }

  /** Those whose connections are open. */
  get open(): Witness[] {
    return this.all.filter(({ isOpen }) => isOpen);
  }

  /** What was told wrongly. */
  get faults(): string[] {
    const untold = [...this.#connectors].map(() =>
      "a connector was told no end"
    );
    const told = this.all.flatMap(({ faults }) => faults);
    return [...told, ...this.#faults, ...untold];
  }

  override startedConnecting(connector: Connector): void {
    this.#connectors.add(connector);
  }

  override clientConnectionFailed(connector: Connector): void {
    this.failed++;
    this.#end(connector, "failed");
  }

  override clientConnectionLost(connector: Connector): void {
    this.#end(connector, "lost");
  }

  #end(connector: Connector, what: string): void {
    if (this.#connectors.delete(connector)) return;
    this.#faults.push(`a connector was told twice: ${what}`);
  }

  override buildProtocol():
    & Witness
    & ReturnType<ClientFactory["buildProtocol"]> {
    const witness = new Witness(this.#make(), () => {});
    this.all.push(witness);
    return witness as never;
  }
}

/** Closes a socket. */
async function closed(socket: Socket): Promise<void> {
  if (socket.closed) return;
  const over = new Promise<void>((resolve) => socket.on("close", resolve));
  socket.destroy();
  await over;
}

/** One kind of protocol on one side of connections, and the peers at the other. */
export class Ring {
  readonly factory: Witnesses;
  readonly #reactor: Reactor;
  readonly #carrier: Carrier;
  readonly #us: SideName;
  readonly #makePeer: MakePeer;
  readonly #makeRaw: MakePeer;
  readonly #path: string;
  readonly #used: ClientFactoryLike;
  #place: Place | undefined;
  #server: RawServer | undefined;
  #sockets: Socket[] = [];

  constructor(
    reactor: Reactor,
    carrier: Carrier,
    us: SideName,
    { makePeer = RAW, makeRaw = RAW, wrap }: HostileOptions,
    { path, make }: { path: string; make: () => ProtocolLike },
  ) {
    this.#reactor = reactor;
    this.#carrier = carrier;
    this.#us = us;
    this.#makePeer = makePeer;
    this.#makeRaw = makeRaw;
    this.#path = path;
    this.factory = new Witnesses(make);
    this.#used = wrap?.(this.factory) ?? this.factory;
  }

  /** Where the connections are made. */
  get place(): Place {
    if (this.#place === undefined) throw new Error("Nobody listens");
    return this.#place;
  }

  /** Opens the side that listens. */
  async open(): Promise<void> {
    if (this.#place !== undefined) return;
    if (this.#us === "server") {
      this.#place = await this.#carrier
        .listen(this.#reactor, this.#used, this.#path);
    } else {
      const isUNIX = this.#carrier.name.includes("UNIX");
      this.#server = await RawServer.start(isUNIX ? this.#path : undefined);
      this.#place = this.#server.place;
    }
  }

  /** Makes a connection, and lets the peer act. */
  async meet(act: Act, isRaw = false): Promise<void> {
    const socket = await this.#connect();
    this.#sockets.push(socket);
    const make = isRaw ? this.#makeRaw : this.#makePeer;
    await act(await make(socket, this.#us));
  }

  /** Connects, and resets, while our side does not run. */
  async resetEarly(): Promise<void> {
    const socket = await this.#connect();
    new Peer(socket).reset();
    await closed(socket);
  }

  /** Ends what is left of the peers: our side has ended. */
  async close(): Promise<void> {
    await Promise.all(this.#sockets.map(closed));
    await this.#server?.[Symbol.asyncDispose]();
  }

  #connect(): Promise<Socket> {
    const server = this.#server;
    if (server === undefined) return connectRaw(this.place);
    this.#carrier.connect(this.#reactor, this.#used, this.place);
    return server.accept();
  }
}

/** What happens to several kinds of protocols on a reactor of their own. */
async function withRings(
  carrier: Carrier,
  us: SideName,
  options: HostileOptions,
  fn: (rings: [Receiver, Ring][]) => Promise<void>,
  beforeRun?: (rings: Ring[]) => Promise<void>,
): Promise<void> {
  const { reactor, errors } = makeReactor({ backend: runtimeBackend });
  const folder = mkdtempSync(`${tmpdir()}/`);
  let failure: unknown;
  const rings = (options.receivers ?? RECEIVERS).map(
    (receiver, index): [Receiver, Ring] => {
      const make = () => {
        const protocol = receiver.make();
        return carrier.begin?.(protocol, us) ?? protocol;
      };
      const its = { make, path: `${folder}/${index}` };
      return [receiver, new Ring(reactor, carrier, us, options, its)];
    },
  );
  try {
    await beforeRun?.(rings.map(([, ring]) => ring));
    await runWith(reactor, async () => {
      try {
        await Promise.all(rings.map(([, ring]) => ring.open()));
        await fn(rings);
      } catch (error) {
        failure = error;
      }
    });
    await Promise.all(rings.map(([, ring]) => ring.close()));
    if (failure !== undefined) throw failure;
    assertEquals(errors, []);
    for (const [{ name }, ring] of rings) {
      assertEquals([name, ...ring.factory.faults], [name]);
      await until(
        `${name}: descriptors that are left`,
        () => openSockets(ring.place) === 0,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A peer that behaves is served, and all connections but its own are over. */
async function checkServes([receiver, ring]: [Receiver, Ring]): Promise<void> {
  const { name } = receiver;
  const { factory } = ring;
  const before = [...factory.open];
  await within(`${name}: a good peer`, ring.meet(behaves(receiver)));
  await until(
    `${name}: the end of a good peer's connection`,
    () => factory.open.every((witness) => before.includes(witness)),
  );
}

function endingTest(
  carrier: Carrier,
  us: SideName,
  behaviour: Behaviour,
  options: HostileOptions,
): void {
  const { name, acts, isRaw } = behaviour;
  const reasons = options.reasons?.(behaviour) ?? behaviour.reasons;
  Deno.test(`${carrier.name} ${us}: a peer that ${name}`, async () => {
    await withRings(carrier, us, options, async (rings) => {
      await Promise.all(rings.map(async ([receiver, ring]) => {
        const { factory } = ring;
        await within(
          `${receiver.name}: what peers see`,
          Promise.all(acts(receiver).map((act) => ring.meet(act, isRaw))),
        );
        await until(
          `${receiver.name}: the ends of ${factory.open.length} connections`,
          () => factory.open.length === 0,
        );
        const found = reasonsOf(factory.all);
        const wrong = found.filter((reason) => !reasons.includes(reason));
        assertEquals([receiver.name, ...wrong], [receiver.name]);
        await checkServes([receiver, ring]);
      }));
    });
  });
}

/**
 * How our side ends connections that peers do not end, in turn, and the reasons;
 * the last are left to the end of the reactor.
 */
const WAYS_OUT: readonly {
  readonly name: string;
  readonly end?: (witness: Witness) => void;
  readonly reasons?: readonly string[];
}[] = [
  {
    name: "loseConnection()",
    end: ({ transport }) => transport.loseConnection(),
  },
  {
    name: "abortConnection()",
    end: ({ transport }) => transport.abortConnection(),
    reasons: ["ConnectionAborted"],
  },
  { name: "the end of the reactor", reasons: ["ConnectionLost"] },
];

/** Which of a list each way out is taken with. */
function byWayOut<T>(list: readonly T[]): T[][] {
  return WAYS_OUT.map((_, index) => {
    return list.filter((_, place) => place % WAYS_OUT.length === index);
  });
}

/** The names of the reasons for which connections were lost, each once. */
function reasonsOf(witnesses: readonly Witness[]): string[] {
  const names = witnesses.map(({ reason }) => reason?.type?.name ?? "none");
  return [...new Set(names)].sort();
}

function lastingTest(
  carrier: Carrier,
  us: SideName,
  behaviour: Behaviour,
  options: HostileOptions,
): void {
  const { name, acts, isRaw } = behaviour;
  const usual = options.reasons?.(behaviour) ?? behaviour.reasons;
  Deno.test(`${carrier.name} ${us}: a peer that ${name}`, async () => {
    const ended: [string, Witness[][]][] = [];
    await withRings(carrier, us, options, async (rings) => {
      await Promise.all(rings.map(async ([receiver, ring]) => {
        const { factory } = ring;
        const all = acts(receiver);
        await Promise.all(all.map((act) => ring.meet(act, isRaw)));
        await until(`${receiver.name}: all to be connected`, () => {
          return factory.all.length === all.length;
        });
        const left = [...factory.open];
        assertEquals([receiver.name, left.length], [receiver.name, all.length]);
        await checkServes([receiver, ring]);
        assertEquals(factory.open, left);
        const ways = byWayOut(left);
        ended.push([receiver.name, ways]);
        for (const [index, witnesses] of ways.entries()) {
          const { name, end } = WAYS_OUT[index] ?? {};
          if (end === undefined) continue;
          witnesses.forEach(end);
          await until(`${receiver.name}: the end by ${name}`, () => {
            return witnesses.every(({ isOpen }) => !isOpen);
          });
        }
      }));
    });
    for (const [receiver, ways] of ended) {
      for (const [index, witnesses] of ways.entries()) {
        const { name, reasons = usual } = WAYS_OUT[index] ?? {};
        const wrong = reasonsOf(witnesses).filter((it) =>
          !reasons.includes(it)
        );
        assertEquals([receiver, name, ...wrong], [receiver, name]);
      }
    }
  });
}

/** Nearly as many as may wait to be accepted, for who listens and says no number. */
const CROWD = 40;

function earlyTest(carrier: Carrier, options: HostileOptions): void {
  Deno.test(`${carrier.name} server: many peers that reset before they are accepted`, async () => {
    await withRings(carrier, "server", options, async (rings) => {
      await Promise.all(rings.map(checkServes));
      for (const [{ name }, { factory }] of rings) {
        await until(`${name}: the ends`, () => factory.open.length === 0);
      }
    }, async (rings) => {
      await Promise.all(rings.map(async (ring) => {
        await ring.open();
        const reset = () => ring.resetEarly();
        await Promise.all(Array.from({ length: CROWD }, reset));
      }));
    });
  });
}

/** More than the buffers of any kernel hold for who does not read. */
const MUCH = Array.from({ length: 128 }, () => new Uint8Array(64 * 1024));

/** Peers that never read, with more to send to them than they take. */
async function deafen(
  [{ name, message }, ring]: [Receiver, Ring],
): Promise<Witness[]> {
  const { factory } = ring;
  for (let count = 1; count <= 2 * WAYS_OUT.length; count++) {
    await ring.meet(async (peer) => {
      peer.deafen();
      await peer.send(message);
    });
    await until(`${name}: the connection`, () => factory.all.length === count);
  }
  const left = [...factory.open];
  for (const { transport } of left) transport.writeSequence(MUCH);
  return left;
}

function deafTests(
  carrier: Carrier,
  us: SideName,
  allOptions: HostileOptions,
): void {
  const options = { ...allOptions, receivers: SOME_RECEIVERS };
  const title = `${carrier.name} ${us}: a peer that never reads`;
  Deno.test(title, async () => {
    const atEnd: Witness[] = [];
    await withRings(carrier, us, options, async (rings) => {
      await Promise.all(rings.map(async ([receiver, ring]) => {
        const all = await deafen([receiver, ring]);
        const [lost = [], aborted = [], left = []] = byWayOut(all);
        for (const { transport } of lost) transport.loseConnection();
        for (const { transport } of aborted) transport.abortConnection();
        const { name } = receiver;
        const areOver = (those: Witness[]) => those.every((it) => !it.isOpen);
        await until(`${name}: abortConnection()`, () => areOver(aborted));
        await checkServes([receiver, ring]);
        // It waits for the peer; that has an end.
        assertEquals(lost.filter(({ isOpen }) => !isOpen), []);
        for (const { transport } of lost) transport.abortConnection();
        await until(`${name}: abortConnection() later`, () => areOver(lost));
        assertEquals(reasonsOf([...lost, ...aborted]), ["ConnectionAborted"]);
        atEnd.push(...left);
      }));
    });
    assertEquals(reasonsOf(atEnd), ["ConnectionLost"]);
  });

  Deno.test(`${title}, with a timeout`, async () => {
    const clock = new Clock();
    const wrap = (factory: Witnesses) => {
      return new TimeoutFactory(factory, { clock, timeoutPeriod: 60 });
    };
    await withRings(carrier, us, { ...options, wrap }, async (rings) => {
      const all = await Promise.all(rings.map(deafen));
      clock.advance(60);
      for (const [receiver, ring] of rings) await checkServes([receiver, ring]);
      assertEquals(all.flat().filter(({ isOpen }) => !isOpen), []);
      clock.advance(60);
      for (const [{ name }, { factory }] of rings) {
        await until(`${name}: the end`, () => factory.open.length === 0);
      }
      assertEquals(reasonsOf(all.flat()), ["ConnectionAborted"]);
    });
  });
}

/** Defines the tests of all behaviours against all protocols, over one carrier. */
export function hostileSuite(
  carrier: Carrier,
  options: HostileOptions = {},
): void {
  const { sides = ["server", "client"], ending = ENDING, lasting = LASTING } =
    options;
  if (options.ending === undefined) {
    earlyTest(carrier, options);
    for (const us of sides) deafTests(carrier, us, options);
  }
  for (const us of sides) {
    for (const behaviour of ending) endingTest(carrier, us, behaviour, options);
    for (const behaviour of lasting) {
      lastingTest(carrier, us, behaviour, options);
    }
  }
}
