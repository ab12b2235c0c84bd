/**
 * A client's connection, from the first attempt to the last.
 *
 * @module
 */

import { Failure } from "../../defer/mod.ts";
import { type Address, UNIXAddress } from "../addresses.ts";
import type { DelayedCall } from "../loop/delayed_call.ts";
import {
  ConnectError,
  CONNECTION_DONE,
  ConnectTimeoutError,
  NotConnectingError,
  UserError,
} from "../errors.ts";
import { callUser, catchRejection } from "../loop/call_user.ts";
import type { Attempt, Backend, Stream } from "../backend.ts";
import type {
  ClientFactoryLike,
  Connector,
  ConnectorState,
  ProtocolLike,
  Transport,
} from "../interfaces.ts";
import type {
  Disconnectable,
  OpenNode,
  ReactorCore,
} from "../loop/reactor_core.ts";
import { rememberConnector } from "./last_connector.ts";
import { logPrefixOf } from "../log_prefix.ts";
import type { ConnectDeadline } from "./handshake.ts";
import { buildProtocol } from "./build_protocol.ts";
import { Connection } from "./connection.ts";
import { endStream } from "./end_stream.ts";

/** How a connector makes its connection: over what, and where to. */
export interface Dialer {
  /** Where to, as it was given. */
  readonly destination: Address;
  /**
   * Starts an attempt.
   *
   * @param backend what makes the connection
   * @param done told once, never before this returns
   */
  connect(backend: Backend, done: (outcome: Stream | Error) => void): Attempt;
}

/** How long a connector tries. */
export interface ConnectorOptions {
  /** In seconds; `null` to let the system decide. */
  timeout?: number | null | undefined;
}

/**
 * What `connectTCP` and its like return: Twisted's `BaseConnector`. Over what it
 * connects is its dial's concern.
 */
export class ClientConnector implements Connector, Disconnectable {
  #state: ConnectorState = "disconnected";
  #reactor: ReactorCore;
  #dial: Dialer;
  #factory: ClientFactoryLike;
  #timeout: number | null;
  #attempt: Attempt | undefined;
  /** Where the attempt stands among all that the reactor has to end. */
  #node: OpenNode | undefined;
  #timer: DelayedCall | undefined;
  /** When a handshake is given up that belongs to connecting. */
  #deadline: ConnectDeadline | undefined;
  #transport: Connection | undefined;
  /** Whether the factory counts this connector: not while it is out of use. */
  #factoryStarted = false;

  /**
   * @param reactor what makes the connection
   * @param dial where to, and over what
   * @param factory builds the protocol, and is told of everything
   * @param options how long to try
   * @throws {RangeError} if the timeout is none
   */
  constructor(
    reactor: ReactorCore,
    dial: Dialer,
    factory: ClientFactoryLike,
    { timeout = 30 }: ConnectorOptions,
  ) {
    checkTimeout(timeout);
    this.#reactor = reactor;
    this.#dial = dial;
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
      this.#called("doStart", this.#factory.doStart());
      this.#factoryStarted = true;
    }
    this.#state = "connecting";
    this.#node = this.#reactor.opened(this, "connection");
    // From the loop, so that nothing is under way before the reactor runs.
    this.#reactor.callFromThread(() => this.#begin());
    const timeout = this.#timeout;
    if (timeout !== null) {
      this.#deadline = { time: this.#reactor.seconds() + timeout, timeout };
      this.#timer = this.#reactor.callLater(timeout, () => {
        this.#fail(
          new ConnectTimeoutError(
            `No connection to ${this.getDestination()} after ${timeout} seconds`,
          ),
        );
      });
    }
    rememberConnector(this.#factory, this);
    this.#called("startedConnecting", this.#factory.startedConnecting(this));
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
    this.#fail(
      new UserError(
        `Connecting to ${this.getDestination()} was stopped by stopConnecting()`,
      ),
    );
  }

  getDestination(): Address {
    return this.#dial.destination;
  }

  /** For the reactor, which stops: the attempt fails. */
  disconnectNow(reason: Failure): void {
    this.#fail(
      new ConnectError(
        `Connecting to ${this.getDestination()} ended because the reactor stopped`,
        { cause: reason.value },
      ),
    );
  }

  #begin(): void {
    if (this.#state !== "connecting" || this.#attempt !== undefined) return;
    const attempt = new BackendAttempt();
    this.#attempt = attempt;
    try {
      attempt.started = this.#dial.connect(
        this.#reactor.backend,
        (outcome) => this.#told(attempt, outcome),
      );
    } catch (error) {
      if (this.#attempt === attempt) this.#fail(asError(error));
    }
  }

  /**
   * What the backend tells comes at a time of its own. Until its turn has come,
   * giving up means to close what was made.
   */
  #told(attempt: Attempt, outcome: Stream | Error): void {
    if (this.#attempt !== attempt) return;
    const told = this.#attempt = {
      cancel: () => {
        if (!(outcome instanceof Error)) this.#close(outcome);
      },
    };
    this.#reactor.callFromThread(() => {
      if (this.#attempt === told) this.#settle(outcome);
    });
  }

  #close(stream: Stream): void {
    endStream(this.#reactor, stream, "close");
  }

  #settle(outcome: Stream | Error): void {
    if (outcome instanceof Error) this.#fail(outcome);
    else this.#succeed(outcome);
  }

  #succeed(stream: Stream): void {
    this.#endAttempt();
    this.#state = "connected";
    let failure: Failure | undefined;
    const protocol = buildProtocol(
      this.#reactor.log,
      this.#factory,
      stream.remoteAddress,
      (raised) => failure = raised,
    );
    if (!protocol) {
      this.#close(stream);
      this.#lost(failure ?? new Failure(CONNECTION_DONE));
      return;
    }
    this.#start(stream, protocol);
  }

  #start(stream: Stream, protocol: ProtocolLike): void {
    this.#transport = new Connection(
      this.#reactor,
      stream,
      protocol,
      {
        onLost: (reason) => this.#lost(reason),
        connectedTo: hostOf(this.#dial.destination),
        deadline: this.#deadline,
      },
    );
    this.#transport.start();
  }

  #fail(error: Error): void {
    const attempt = this.#attempt;
    this.#endAttempt();
    callUser(
      this.#reactor.log,
      `cancelling the attempt to connect to ${this.getDestination()}`,
      () => attempt?.cancel(),
    );
    this.#ended("clientConnectionFailed", new Failure(error));
  }

  #lost(reason: Failure): void {
    this.#transport = undefined;
    this.#ended("clientConnectionLost", reason);
  }

  /** Tells the factory, which may connect again at once, or is done with. */
  #ended(
    notice: "clientConnectionFailed" | "clientConnectionLost",
    reason: Failure,
  ): void {
    this.#state = "disconnected";
    const { log } = this.#reactor;
    const name = logPrefixOf(this.#factory);
    callUser(
      log,
      `${notice} of ${name}`,
      () => this.#factory[notice](this, reason),
    );
    if (this.#isConnectingAgain()) return;
    this.#factoryStarted = false;
    callUser(log, `doStop of ${name}`, () => this.#factory.doStop());
  }

  /** The factory was called: if what it returned is rejected, the log is told. */
  #called(what: string, result: unknown): void {
    const name = logPrefixOf(this.#factory);
    catchRejection(this.#reactor.log, `${what} of ${name}`, result);
  }

  #isConnectingAgain(): boolean {
    return this.#state !== "disconnected";
  }

  #endAttempt(): void {
    this.#attempt = undefined;
    if (this.#timer?.active()) this.#timer.cancel();
    this.#timer = undefined;
    this.#node?.remove();
  }
}

/** What a backend has begun. It may tell the outcome, or throw, within the call. */
class BackendAttempt implements Attempt {
  started: Attempt | undefined;

  cancel(): void {
    this.started?.cancel();
  }
}

/** What a backend has thrown, as the reason of an attempt that has failed. */
function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  return new ConnectError(`Cannot connect: ${thrown}`, { cause: thrown });
}

function hostOf(address: Address): string {
  return address instanceof UNIXAddress ? "" : address.host;
}

function checkTimeout(timeout: number | null): void {
  if (timeout === null || timeout >= 0) return;
  throw new RangeError(`A timeout is 0 or more seconds: this is ${timeout}`);
}
