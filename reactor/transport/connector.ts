import { Failure } from "../../defer/mod.ts";
import { type Address, UNIXAddress } from "../addresses.ts";
import type { Attempt, Stream } from "../backend.ts";
import { checkTimeout } from "../checks.ts";
import {
  ConnectError,
  CONNECTION_DONE,
  ConnectTimeoutError,
  NotConnectingError,
  UserError,
} from "../errors.ts";
import type {
  ClientFactoryLike,
  Connector,
  ConnectorState,
  DelayedCall,
  Transport,
} from "../interfaces.ts";
import { logPrefixOf } from "../log_prefix.ts";
import { buildProtocol, callUser, catchRejection } from "../loop/call_user.ts";
import { cancelPending } from "../loop/delayed_call.ts";
import type { Disconnectable, ReactorCore } from "../loop/reactor_core.ts";
import type { Node } from "../../defer/linked_list.ts";
import { Connection } from "./connection.ts";
import type { Dialer } from "./dialer.ts";
import type { ConnectTCPOptions } from "./tcp.ts";
import type { ConnectDeadline } from "./tls_layer.ts";

/**
 * Of factories that reconnect only: with all that come and go with their connections, the
 * collector takes twice as long.
 */
const lastConnectors = new WeakMap<object, Connector | undefined>();

export function followConnectors(factory: Partial<ClientFactoryLike>): void {
  lastConnectors.set(factory, undefined);
}

/**
 * The connector that begins an attempt for a factory, whose user may override
 * `startedConnecting`.
 */
export function rememberConnector(
  factory: Partial<ClientFactoryLike>,
  connector: Connector,
): void {
  if (lastConnectors.has(factory)) lastConnectors.set(factory, connector);
}

export function lastConnectorOf(
  factory: Partial<ClientFactoryLike>,
): Connector | undefined {
  return lastConnectors.get(factory);
}

/**
 * What `connectTCP` and its like return: Twisted's `BaseConnector`. An attempt goes from
 * `#begin`, on the loop's next turn, over the backend to `#report`, and on a later turn
 * to `#succeed` or `#fail`. `#attempt` cancels it, and is another object after the
 * report: so the outcome of a cancelled or superseded attempt is ignored.
 */
export class ClientConnector implements Connector, Disconnectable {
  #state: ConnectorState = "disconnected";
  #core: ReactorCore;
  #dialer: Dialer;
  #factory: ClientFactoryLike;
  #timeout: number | null;
  #attempt: Attempt | undefined;
  #node: Node<Disconnectable> | undefined;
  #timer: DelayedCall | undefined;
  #deadline: ConnectDeadline | undefined;
  #transport: Connection | undefined;
  #factoryStarted = false;

  constructor(
    core: ReactorCore,
    dialer: Dialer,
    factory: ClientFactoryLike,
    { timeout = 30 }: Pick<ConnectTCPOptions, "timeout">,
  ) {
    checkTimeout("timeout", timeout);
    this.#core = core;
    this.#dialer = dialer;
    this.#factory = factory;
    this.#timeout = timeout;
  }

  get state(): ConnectorState {
    return this.#state;
  }

  get transport(): Transport | undefined {
    return this.#transport;
  }

  connect(): void {
    if (this.#state !== "disconnected") {
      throw new Error(
        `Cannot connect to ${this.getDestination()}: the connector is ${this.#state} already`,
      );
    }
    if (!this.#factoryStarted) {
      this.#catchRejection("doStart", this.#factory.doStart());
      this.#factoryStarted = true;
    }
    this.#state = "connecting";
    this.#node = this.#core.opened(this, "connection");
    // From the loop: nothing is under way before the reactor runs.
    this.#core.callInLoop(this.#factory, () => {
      if (this.#state === "connecting" && !this.#attempt) this.#begin();
    });
    if (this.#timeout !== null) this.#startTimer(this.#timeout);
    rememberConnector(this.#factory, this);
    this.#catchRejection(
      "startedConnecting",
      this.#factory.startedConnecting(this),
    );
  }

  disconnect(): void {
    if (this.#state === "connecting") this.stopConnecting();
    else this.#transport?.loseConnection();
  }

  stopConnecting(): void {
    if (this.#state !== "connecting") {
      throw new NotConnectingError(
        `Cannot stop connecting to ${this.getDestination()}: the connector is ${this.#state}`,
      );
    }
    const message =
      `Connecting to ${this.getDestination()} was stopped by stopConnecting()`;
    this.#fail(new UserError(message));
  }

  getDestination(): Address {
    return this.#dialer.destination;
  }

  disconnectNow(reason: Failure): void {
    const message =
      `Connecting to ${this.getDestination()} ended because the reactor stopped`;
    this.#fail(new ConnectError(message, { cause: reason.value }));
  }

  #startTimer(timeout: number): void {
    const { loop } = this.#core;
    this.#deadline = { time: loop.seconds() + timeout, timeout };
    this.#timer = loop.callLater(timeout, () => {
      const message =
        `No connection to ${this.getDestination()} after ${timeout} seconds`;
      this.#fail(new ConnectTimeoutError(message));
    });
  }

  #begin(): void {
    // The backend may report, or throw, before `connect` has returned.
    this.#core.instruments.tell((one) => one.attemptBegan?.(this));
    let started: Attempt | undefined;
    const attempt = this.#attempt = { cancel: () => started?.cancel() };
    try {
      started = this.#dialer.connect((outcome) => {
        if (this.#attempt === attempt) this.#report(outcome);
      });
    } catch (error) {
      if (this.#attempt === attempt) this.#fail(asError(error));
    }
  }

  /** Until the next turn, cancelling closes what was made. */
  #report(outcome: Stream | Error): void {
    const reported = this.#attempt = {
      cancel: () => {
        if (!(outcome instanceof Error)) this.#core.endStream(outcome, "close");
      },
    };
    this.#core.callInLoop(this.#factory, () => {
      if (this.#attempt !== reported) return;
      if (outcome instanceof Error) this.#fail(outcome);
      else this.#succeed(outcome);
    });
  }

  #succeed(stream: Stream): void {
    this.#endAttempt();
    this.#core.instruments.tell((one) => one.attemptEnded?.(this, undefined));
    this.#state = "connected";
    let failure: Failure | undefined;
    const protocol = buildProtocol(
      this.#core.loop.log,
      this.#factory,
      stream.remoteAddress,
      (raised) => failure = raised,
    );
    if (!protocol) {
      this.#core.endStream(stream, "close");
      return this.#lost(failure ?? new Failure(CONNECTION_DONE));
    }
    const { destination } = this.#dialer;
    this.#transport = new Connection(this.#core, stream, protocol, {
      onLost: (reason) => this.#lost(reason),
      connectedTo: destination instanceof UNIXAddress ? "" : destination.host,
      deadline: this.#deadline,
    });
    this.#transport.start();
  }

  #fail(error: Error): void {
    const attempt = this.#attempt;
    this.#endAttempt();
    const reason = new Failure(error);
    if (attempt !== undefined) {
      this.#core.instruments.tell((one) => one.attemptEnded?.(this, reason));
    }
    callUser(
      this.#core.loop.log,
      `cancelling the attempt to connect to ${this.getDestination()}`,
      () => attempt?.cancel(),
    );
    this.#notify("clientConnectionFailed", reason);
  }

  #lost(reason: Failure): void {
    this.#transport = undefined;
    this.#notify("clientConnectionLost", reason);
  }

  #notify(
    notice: "clientConnectionFailed" | "clientConnectionLost",
    reason: Failure,
  ): void {
    this.#state = "disconnected";
    const { log } = this.#core.loop;
    const name = logPrefixOf(this.#factory);
    callUser(
      log,
      `${notice} of ${name}`,
      () => this.#factory[notice](this, reason),
    );
    // The factory may be connecting again.
    if (this.state !== "disconnected") return;
    this.#factoryStarted = false;
    callUser(log, `doStop of ${name}`, () => this.#factory.doStop());
  }

  #catchRejection(what: string, result: unknown): void {
    const name = logPrefixOf(this.#factory);
    catchRejection(this.#core.loop.log, `${what} of ${name}`, result);
  }

  #endAttempt(): void {
    this.#attempt = undefined;
    cancelPending(this.#timer);
    this.#timer = undefined;
    this.#node?.remove();
  }
}

function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new ConnectError(`Cannot connect: ${thrown}`, { cause: thrown });
}
