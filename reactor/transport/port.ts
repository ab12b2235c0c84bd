import { Deferred, Failure } from "../../defer/mod.ts";
import type { Address, TCPAddress } from "../addresses.ts";
import type { Listener, Stream } from "../backend.ts";
import type {
  DelayedCall,
  DescriptorStatus,
  FactoryLike,
  ReadDescriptor,
} from "../interfaces.ts";
import { logPrefixOf } from "../log_prefix.ts";
import { buildProtocol, callUser, catchRejection } from "../loop/call_user.ts";
import { cancelPending } from "../loop/delayed_call.ts";
import { closeDescriptor, openDescriptor } from "../loop/descriptors.ts";
import type { Disconnectable, ReactorCore } from "../loop/reactor_core.ts";
import type { Node } from "../../defer/linked_list.ts";
import { Connection } from "./connection.ts";

/** After a failed accept. */
const RETRY_SECONDS = 1;

/**
 * A listening port, from `listenTCP` and its like: Twisted's `tcp.Port`.
 * @category Transports
 */
export class Port<A extends Address = TCPAddress> implements ReadDescriptor {
  /** Closing: not listening, but the factory's `doStop` is to come. */
  #state: "closed" | "open" | "closing" = "closed";
  #core: ReactorCore;
  #listen: () => Listener<A>;
  #factory: FactoryLike;
  #listener: Listener<A> | undefined;
  #fileno = -1;
  #node: Node<Disconnectable> | undefined;
  #address: A | undefined;
  /** From a failed accept to the next successful one. */
  #isFailing = false;
  #retry: DelayedCall | undefined;
  #whenFree: Promise<void> = Promise.resolve();
  /** Fires after the factory's `doStop`. */
  #stopped: Deferred<void> | undefined;

  /** Does not open it. */
  constructor(
    core: ReactorCore,
    listen: () => Listener<A>,
    factory: FactoryLike,
  ) {
    this.#core = core;
    this.#listen = listen;
    this.#factory = factory;
  }

  /**
   * Opens the port, also again.
   * @throws {CannotListenError} if it cannot be opened
   * @throws {Error} if it is open, or closing
   */
  startListening(): void {
    if (this.#state !== "closed") {
      const is = this.#state === "open" ? "listening" : "being closed";
      throw new Error(`Cannot listen on ${this.#address}: it is ${is} already`);
    }
    const listener = this.#listen();
    const { loop } = this.#core;
    try {
      const started = this.#factory.doStart();
      catchRejection(loop.log, `doStart of ${this.logPrefix()}`, started);
    } catch (error) {
      this.#core.closing(closeListener(listener));
      throw error;
    }
    this.#state = "open";
    this.#listener = listener;
    this.#address = listener.address;
    this.#fileno = openDescriptor(listener);
    this.#stopped = undefined;
    this.#node = this.#core.opened(this, "port");
    this.#core.instruments.tell((one) => one.portOpened?.(this));
    loop.addReader(this);
  }

  /**
   * Closes the port, not its connections.
   * @returns fires on a later turn, when the port is free and the factory stopped; fails
   *   if `stopFactory` does, or the runtime cannot close the port
   */
  stopListening(): Deferred<void> {
    if (this.#stopped === undefined) {
      this.#stopped = new Deferred();
      const finish = (failure?: Failure) =>
        this.#core.callInLoop(this, () => {
          if (this.#state === "closing") this.#finish(failure);
        });
      this.#close().then(
        () => finish(),
        (error) => finish(new Failure(error, { raised: true })),
      );
    }
    return this.#stopped;
  }

  /**
   * The address, also when it is closed again.
   * @throws {Error} if it was never open
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
    if (this.#isFailing) this.#resume();
    this.#connect(stream);
  }

  connectionLost(_reason: Failure): void {
    this.#core.closing(this.disconnectNow());
  }

  /** Closes the port, and stops the factory at once. */
  disconnectNow(): Promise<void> {
    const closed = this.#close();
    if (this.#state === "closing") this.#finish();
    return closed;
  }

  /** A backend that throws does not end the port: the next accept may succeed. */
  #accept(): Stream | Error | undefined {
    try {
      return this.#listener?.accept();
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #connect(stream: Stream): void {
    const protocol = buildProtocol(
      this.#core.loop.log,
      this.#factory,
      stream.remoteAddress,
    );
    if (!protocol) this.#core.endStream(stream, "close");
    else new Connection(this.#core, stream, protocol).start();
  }

  /**
   * Leaves connections waiting: descriptors have run out. Logs the first failure only:
   * there may be one a second.
   */
  #acceptFailed(error: Error): void {
    const { loop } = this.#core;
    if (!this.#isFailing) {
      this.#isFailing = true;
      loop.log.err(
        new Failure(error),
        `Cannot accept connections to ${this.#address} for now, trying again every second:`,
      );
    }
    loop.removeReader(this);
    this.#retry = loop.callLater(RETRY_SECONDS, () => {
      this.#retry = undefined;
      loop.addReader(this);
    });
  }

  #resume(): void {
    this.#isFailing = false;
    this.#core.loop.log.msg(`Accepting connections to ${this.#address} again`);
  }

  #close(): Promise<void> {
    if (this.#state === "open") {
      this.#core.instruments.tell((one) => one.portClosed?.(this));
      this.#state = "closing";
      this.#core.loop.removeReader(this);
      this.#isFailing = false;
      cancelPending(this.#retry);
      this.#retry = undefined;
      closeDescriptor(this.#fileno);
      this.#fileno = -1;
      this.#whenFree = closeListener(this.#listener);
      this.#listener = undefined;
    }
    return this.#whenFree;
  }

  #finish(notClosed?: Failure): void {
    this.#state = "closed";
    this.#node?.remove();
    const { log } = this.#core.loop;
    const what = `doStop of ${this.logPrefix()}`;
    const stop = () => this.#factory.doStop();
    if (this.#stopped === undefined) return callUser(log, what, stop);
    const stopped = Failure.capture(stop);
    catchRejection(log, what, stopped);
    const outcome = stopped instanceof Failure ? stopped : notClosed;
    if (outcome instanceof Failure) this.#stopped.errback(outcome);
    else this.#stopped.callback();
  }
}

/** What the runtime throws rejects the promise. */
function closeListener(listener: Listener<Address> | undefined): Promise<void> {
  return new Promise((resolve) => resolve(listener?.close()));
}
