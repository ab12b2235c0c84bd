// Runs random programs.

import {
  type Backend,
  ClientFactory,
  type Connector,
  createLog,
  type FactoryLike,
  type Failure,
  type Port,
  type Protocol,
  Reactor,
  type UNIXAddress,
} from "../../mod.ts";
import { certificates } from "../support/certificates.ts";
import { errorText } from "../support/reactors.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { HOST } from "./network.ts";
import type { Program } from "./random_program.ts";
import {
  bothWays,
  checkEnds,
  type Encounter,
  findOverdue,
  isDeadlock,
  isOver,
} from "./random_rules.ts";
import { RandomSide } from "./random_side.ts";
import { stillOpen } from "./random_sockets.ts";
import { Thrown, World } from "./random_world.ts";

/** Where nothing has moved for so long, in milliseconds, nothing moves. */
const QUIET = 8;

/** How often the runtime sees to its own events meanwhile, at least. */
const PASSES = 6;

/** What a program is run on, and how. */
export interface Stage {
  readonly backend: Backend;
  /** Whether the connection is one of the system's: there is a socket to look for. */
  readonly isReal: boolean;
  /** Whether an abort is seen by the peer as such. */
  readonly canReset: boolean;
  /** How long what is due may take, in seconds. */
  readonly patience: number;
}

/**
 * Runs a program to its end.
 *
 * @returns the world afterwards, with what went against the rules
 */
export async function runProgram(
  program: Program,
  stage: Stage,
): Promise<World> {
  using folder = tempFolder();
  return await new Run(program, stage, folder.path).run();
}

/** Hands the one protocol of a side out, and counts what a client is told. */
class SideFactory extends ClientFactory {
  override noisy = false;
  readonly side: RandomSide;
  readonly outcomes: string[] = [];

  constructor(side: RandomSide) {
    super();
    this.side = side;
  }

  override buildProtocol(): Protocol {
    const protocol = this.side.buildProtocol();
    protocol.factory = this;
    return protocol;
  }

  override clientConnectionFailed(_: Connector, reason: Failure): void {
    this.side.record(`clientConnectionFailed ${reason.value}`);
    this.outcomes.push("failed");
  }

  override clientConnectionLost(_: Connector, reason: Failure): void {
    this.outcomes.push("lost");
    if (reason.value === this.side.reason) return;
    this.side.fault(`clientConnectionLost with ${reason.value}`);
  }
}

class Run implements Encounter {
  readonly world: World;
  readonly server: RandomSide;
  readonly client: RandomSide;
  readonly canReset: boolean;
  #stage: Stage;
  #path: string;
  #serverFactory: SideFactory;
  #clientFactory: SideFactory;

  constructor(program: Program, stage: Stage, folder: string) {
    const log = createLog();
    const reactor = new Reactor({ backend: stage.backend, log });
    this.world = new World(program, reactor);
    log.addObserver((event) => {
      if (event.level !== "error") return;
      if (event.failure?.value instanceof Thrown) this.world.logged++;
      else this.world.fault(`the log has got: ${errorText(event)}`);
    });
    this.server = new RandomSide(this.world, "server");
    this.client = new RandomSide(this.world, "client");
    this.canReset = stage.canReset;
    this.#stage = stage;
    this.#path = `${folder}/socket`;
    this.#serverFactory = new SideFactory(this.server);
    this.#clientFactory = new SideFactory(this.client);
  }

  async run(): Promise<World> {
    const { world } = this;
    const port = this.#listen();
    const name = `${port.getHost()}`;
    const host = port.getHost();
    const connector = this.#connect(port);
    const running = world.reactor.run({ installSignalHandlers: false });
    running.catch(() => {});
    await this.#conduct(port);
    if (!await this.#inTime(running)) {
      world.fault("run() does not settle after stop()");
      world.reactor.crash();
    }
    world.ended = true;
    await this.#passes();
    if (world.faults.length > 0) return world;
    this.#checkTold(connector);
    checkEnds(this);
    this.#checkNothingIsLeft();
    if (this.#stage.isReal && !await this.#inTime(this.#released(host))) {
      world.fault(`a socket of ${name} is still open`);
    }
    return world;
  }

  // --- The connection

  #listen(): Port | Port<UNIXAddress> {
    const { world: { reactor, program: { carrier } } } = this;
    const factory: FactoryLike = this.#serverFactory;
    const tls = carrier.startsWith("TLS") ? certificates().server : undefined;
    if (carrier === "TCP") {
      return reactor.listenTCP(0, factory, { interface: HOST });
    }
    if (carrier === "TLS" && tls !== undefined) {
      const { cert, key } = tls;
      return reactor.listenSSL(0, factory, { interface: HOST, cert, key });
    }
    this.server.onMade = () => {
      if (tls === undefined) return;
      this.server.transport.startTLS({ cert: tls.cert, key: tls.key });
    };
    return reactor.listenUNIX(this.#path, factory);
  }

  #connect(port: Port | Port<UNIXAddress>): Connector {
    const { world: { reactor, program: { carrier } } } = this;
    const factory = this.#clientFactory;
    const to = port.getHost();
    const trust = () => ({
      hostname: "localhost",
      caCerts: [certificates().root.cert],
    });
    if (!("port" in to)) {
      this.client.onMade = () => {
        if (carrier === "UNIX") return;
        this.client.transport.startTLS(trust());
      };
      return reactor.connectUNIX(this.#path, factory);
    }
    return carrier === "TCP"
      ? reactor.connectTCP(HOST, to.port, factory)
      : reactor.connectSSL(HOST, to.port, factory, trust());
  }

  // --- The course of a run

  /** Lets the program do what it does, and brings it to its end then. */
  async #conduct(port: Port | Port<UNIXAddress>): Promise<void> {
    const { world, server, client } = this;
    await this.#settle();
    world.finished = true;
    const stages = [
      () => bothWays(this).forEach(([side]) => resume(side)),
      () => bothWays(this).forEach(([side]) => unregister(side)),
      () => close(server),
      () => close(client),
    ];
    for (const stage of stages) {
      if (this.#isDone()) break;
      world.reactor.callFromThread(stage);
      await this.#settle();
    }
    await this.#settle(() =>
      this.#isDone() || isDeadlock(this)
        ? undefined
        : "the connection does not end"
    );
    if (!this.#isDone()) await this.#abort();
    if (world.stopped) return;
    const closed = Promise.resolve(port.stopListening());
    if (!await this.#inTime(closed)) world.fault("the port does not close");
    world.stopped = true;
    this.world.reactor.stop();
    // What the program is not to blame for from here on.
    world.stopped = false;
  }

  async #abort(): Promise<void> {
    this.world.reactor.callFromThread(() => {
      for (const [side] of bothWays(this)) {
        if (!side.isLive) continue;
        side.isAborted = true;
        side.transport.abortConnection();
      }
    });
    await this.#settle();
  }

  #isDone(): boolean {
    const { world, client, server } = this;
    if (world.stopped || world.faults.length > 0 || isOver(this)) return true;
    const isClientOver = client.isLost ||
      this.#clientFactory.outcomes.length > 0;
    return isClientOver && !server.isLive;
  }

  /**
   * Waits until nothing moves any more, and nothing is due.
   *
   * @param findMore what is due as well
   */
  async #settle(
    findMore: () => string | undefined = () => undefined,
  ): Promise<void> {
    const { world } = this;
    let since = performance.now();
    while (!world.stopped && world.faults.length === 0) {
      if (isOver(this) && world.pending === 0) return;
      const before = world.progress;
      await this.#quiet();
      if (world.progress !== before) {
        since = performance.now();
        continue;
      }
      const overdue = findOverdue(this) ?? findMore();
      if (overdue === undefined) return;
      if (performance.now() - since > this.#stage.patience * 1000) {
        return world.fault(overdue);
      }
    }
  }

  async #quiet(): Promise<void> {
    const { isReal } = this.#stage;
    if (isReal || this.world.isSecure) {
      await new Promise((resolve) => setTimeout(resolve, QUIET));
    }
    await this.#passes();
  }

  async #passes(): Promise<void> {
    for (let pass = 0; pass < PASSES; pass++) {
      await new Promise<void>((resolve) => {
        this.#stage.backend.nextTurn(resolve);
      });
    }
  }

  /** Whether something settles before the patience is at its end. */
  async #inTime(promise: Promise<unknown>): Promise<boolean> {
    let limit;
    const late = new Promise<boolean>((resolve) => {
      limit = setTimeout(() => resolve(false), this.#stage.patience * 1000);
    });
    const settled = promise.then(() => true, (error) => {
      this.world.fault(`rejected: ${error}`);
      return true;
    });
    const inTime = await Promise.race([settled, late]);
    clearTimeout(limit);
    return inTime;
  }

  // --- What is left of it

  #checkTold({ state }: Connector): void {
    const { world, server, client } = this;
    for (const side of [server, client]) {
      if (side.isLive) side.fault("connectionLost has not come");
    }
    const outcome = client.isMade ? "lost" : "failed";
    const { outcomes } = this.#clientFactory;
    if (outcomes.join() !== outcome) {
      client.fault(`instead of "${outcome}" its factory heard "${outcomes}"`);
    }
    if (state !== "disconnected") client.fault(`its connector is ${state}`);
    if (world.thrown !== world.logged) {
      world.fault(`${world.thrown} errors thrown, ${world.logged} logged`);
    }
  }

  #checkNothingIsLeft(): void {
    const { reactor, pending } = this.world;
    const left = {
      readers: reactor.getReaders().length,
      writers: reactor.getWriters().length,
      // What the program has put off may be left where it has stopped.
      calls: pending > 0 ? 0 : reactor.getDelayedCalls().length,
      server: this.#serverFactory.numPorts,
      client: this.#clientFactory.numPorts,
    };
    if (Object.values(left).every((count) => count === 0)) return;
    this.world.fault(`something is left: ${JSON.stringify(left)}`);
  }

  async #released(address: { port: number } | UNIXAddress): Promise<void> {
    const of = "port" in address ? address.port : this.#path;
    while (stillOpen(of)) {
      await new Promise((resolve) => setTimeout(resolve, QUIET));
    }
  }
}

function resume(side: RandomSide): void {
  if (!side.isLive || !side.isPaused) return;
  side.isPaused = false;
  side.transport.resumeProducing();
}

function unregister(side: RandomSide): void {
  if (!side.isLive || side.producer === undefined) return;
  side.producer.unregistered();
  side.producer = undefined;
  side.transport.unregisterProducer();
}

function close(side: RandomSide): void {
  if (!side.isLive) return;
  side.isClosing = true;
  side.transport.loseConnection();
}
