/**
 * A listening port.
 *
 * @module
 */

import { Deferred, Failure } from "../../defer/mod.ts";
import type { Address, TCPAddress } from "../addresses.ts";
import { cancelPending, type DelayedCall } from "../loop/delayed_call.ts";
import { closeDescriptor, openDescriptor } from "../loop/descriptors.ts";
import { callUser, catchRejection } from "../loop/call_user.ts";
import type { Backend, Listener, Stream } from "../backend.ts";
import type {
  DescriptorStatus,
  FactoryLike,
  ReadDescriptor,
} from "../interfaces.ts";
import type {
  Disconnectable,
  OpenNode,
  ReactorCore,
} from "../loop/reactor_core.ts";
import { logPrefixOf } from "../log_prefix.ts";
import { buildProtocol } from "./build_protocol.ts";
import { Connection } from "./connection.ts";
import { endStream } from "./end_stream.ts";

/** How long a port rests before it tries again to accept a connection. */
const REST_SECONDS = 1;

/**
 * A port that is being listened on, and what `listenTCP` and its like return:
 * Twisted's `tcp.Port`. `A` is the kind of address that it has.
 */
export class Port<A extends Address = TCPAddress>
  implements ReadDescriptor, Disconnectable {
  /** Closing: nobody can connect, but the factory has not been told yet. */
  #state: "closed" | "open" | "closing" = "closed";
  #reactor: ReactorCore;
  #open: (backend: Backend) => Listener<A>;
  #factory: FactoryLike;
  #listener: Listener<A> | undefined;
  #fileno = -1;
  /** Where it stands among all that the reactor has to end. */
  #node: OpenNode | undefined;
  #address: A | undefined;
  /** Set from the first accept that failed to the next that did not. */
  #isFailing = false;
  /** Ends the rest after an accept that failed. */
  #rest: DelayedCall | undefined;
  /** Settles when the runtime has let go of what was closed. */
  #whenFree: Promise<void> = Promise.resolve();
  /** Set once it was told to stop; fires when the factory has been told. */
  #stopped: Deferred<void> | undefined;

  /**
   * Makes a port, without opening it yet.
   *
   * @param reactor what watches the port
   * @param open what the backend is to open
   * @param factory builds a protocol for each connection
   */
  constructor(
    reactor: ReactorCore,
    open: (backend: Backend) => Listener<A>,
    factory: FactoryLike,
  ) {
    this.#reactor = reactor;
    this.#open = open;
    this.#factory = factory;
  }

  /**
   * Opens the port, for the first time or again.
   *
   * @throws {CannotListenError} if it cannot be opened
   * @throws {Error} if it is open, or not closed yet
   */
  startListening(): void {
    if (this.#state !== "closed") {
      const is = this.#state === "open" ? "listening" : "being closed";
      throw new Error(`Cannot listen on ${this.#address}: it is ${is} already`);
    }
    const listener = this.#open(this.#reactor.backend);
    try {
      const started = this.#factory.doStart();
      catchRejection(
        this.#reactor.log,
        `doStart of ${this.logPrefix()}`,
        started,
      );
    } catch (error) {
      this.#reactor.closing(closeListener(listener));
      throw error;
    }
    this.#state = "open";
    this.#listener = listener;
    this.#address = listener.address;
    this.#fileno = openDescriptor(listener);
    this.#stopped = undefined;
    this.#node = this.#reactor.opened(this, "port");
    this.#reactor.addReader(this);
  }

  /**
   * Closes the port. Connections that were made through it live on.
   *
   * @returns fires on a later turn of the loop, when the port is free and the
   *   factory has been told; it fails if the factory's `stopFactory` does, or the
   *   runtime cannot close the port
   */
  stopListening(): Deferred<void> {
    if (this.#stopped === undefined) {
      this.#stopped = new Deferred();
      const finish = (failure?: Failure) =>
        this.#reactor.callFromThread(() => this.#finish(failure));
      this.#close().then(
        () => finish(),
        (error) => finish(new Failure(error, { raised: true })),
      );
    }
    return this.#stopped;
  }

  /**
   * The address that is listened on, also when the port is closed again.
   *
   * @throws {Error} if the port was never open
   */
  getHost(): A {
    if (this.#address === undefined) {
      throw new Error("This port has no address yet: it was never opened");
    }
    return this.#address;
  }

  // --- What the reactor calls

  fileno(): number {
    return this.#fileno;
  }

  logPrefix(): string {
    return logPrefixOf(this.#factory);
  }

  doRead(): DescriptorStatus {
    const stream = this.#accept();
    if (stream === undefined) return;
    if (stream instanceof Error) return this.#acceptFailed(stream);
    if (this.#isFailing) this.#goOn();
    this.#connect(stream);
  }

  connectionLost(_reason: Failure): void {
    this.#reactor.closing(this.disconnectNow());
  }

  disconnectNow(): Promise<void> {
    const closed = this.#close();
    this.#finish();
    return closed;
  }

  // ---

  /** What a backend throws is no end of the port: the next accept may go well. */
  #accept(): Stream | Error | undefined {
    try {
      return this.#listener?.accept();
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #connect(stream: Stream): void {
    const protocol = buildProtocol(
      this.#reactor.log,
      this.#factory,
      stream.remoteAddress,
    );
    if (!protocol) endStream(this.#reactor, stream, "close");
    else new Connection(this.#reactor, stream, protocol).start();
  }

  /**
   * Leaves connections waiting for a while, where there is no room for more. The
   * log is told of the first failure alone: there may be one every second.
   */
  #acceptFailed(error: Error): void {
    if (!this.#isFailing) {
      this.#isFailing = true;
      this.#reactor.log.err(
        new Failure(error),
        `Cannot accept connections to ${this.#address} for now, trying again every second:`,
      );
    }
    this.#reactor.removeReader(this);
    this.#rest = this.#reactor.callLater(REST_SECONDS, () => {
      this.#rest = undefined;
      this.#reactor.addReader(this);
    });
  }

  #goOn(): void {
    this.#isFailing = false;
    this.#reactor.log.msg(`Accepting connections to ${this.#address} again`);
  }

  /** @returns settles when the port is free */
  #close(): Promise<void> {
    if (this.#state === "open") {
      this.#state = "closing";
      this.#reactor.removeReader(this);
      this.#isFailing = false;
      cancelPending(this.#rest);
      this.#rest = undefined;
      closeDescriptor(this.#fileno);
      this.#fileno = -1;
      this.#whenFree = closeListener(this.#listener);
      this.#listener = undefined;
    }
    return this.#whenFree;
  }

  /**
   * Tells the factory, and whoever waits; the log, if nobody does.
   *
   * @param notClosed why the runtime could not close the port, if it could not
   */
  #finish(notClosed?: Failure): void {
    if (this.#state !== "closing") return;
    this.#state = "closed";
    this.#node?.remove();
    const { log } = this.#reactor;
    const what = `doStop of ${this.logPrefix()}`;
    const stop = () => this.#factory.doStop();
    if (this.#stopped === undefined) {
      callUser(log, what, stop);
      return;
    }
    const told = Failure.capture(stop);
    catchRejection(log, what, told);
    const outcome = told instanceof Failure ? told : notClosed;
    if (outcome instanceof Failure) this.#stopped.errback(outcome);
    else this.#stopped.callback();
  }
}

/** Has the runtime close a port; where it throws instead, that is a rejection. */
function closeListener(listener: Listener<Address> | undefined): Promise<void> {
  return new Promise((resolve) => resolve(listener?.close()));
}
