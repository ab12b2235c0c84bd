import { Deferred, type Failure } from "../../defer/mod.ts";
import type {
  ClientFactoryLike,
  Connector,
  ProtocolLike,
} from "../interfaces.ts";
import { logPrefixOf } from "../log_prefix.ts";
import type { ConnectTCPOptions } from "../transport/tcp.ts";

/**
 * What a {@linkcode ClientCreator} needs of a reactor.
 * @category Protocols
 */
export interface ClientReactor {
  /** Connects to a port. */
  connectTCP(
    host: string,
    port: number,
    factory: ClientFactoryLike,
    options?: ConnectTCPOptions,
  ): Connector;
  /** Calls `fn` on the loop's next turn. */
  callFromThread(fn: () => unknown): void;
}

/**
 * Makes single connections that need no factory: Twisted's `protocol.ClientCreator`.
 * @category Protocols
 */
export class ClientCreator<P extends ProtocolLike, A extends unknown[] = []> {
  #reactor: ClientReactor;
  #protocolClass: new (...args: A) => P;
  #args: A;

  /** For protocols of one class; `args` are its constructor's. */
  constructor(
    reactor: ClientReactor,
    protocolClass: new (...args: A) => P,
    ...args: A
  ) {
    this.#reactor = reactor;
    this.#protocolClass = protocolClass;
    this.#args = args;
  }

  /**
   * Connects a new protocol to a port.
   * @returns fires with the protocol, a turn after its `connectionMade`; cancelling it
   *   ends the attempt
   * @throws {RangeError} if `port` is not 1 to 65535, or the timeout invalid
   */
  connectTCP(
    host: string,
    port: number,
    options: ConnectTCPOptions = {},
  ): Deferred<P> {
    const protocol = new this.#protocolClass(...this.#args);
    const single = new SingleFactory(this.#reactor, protocol);
    this.#reactor.connectTCP(host, port, single, options);
    return single.connected;
  }
}

class SingleFactory<P extends ProtocolLike> implements ClientFactoryLike {
  readonly connected: Deferred<P>;
  #cancelled = false;
  #connector: Connector | undefined;
  readonly #reactor: ClientReactor;
  readonly #protocol: P;

  constructor(reactor: ClientReactor, protocol: P) {
    this.#reactor = reactor;
    this.#protocol = protocol;
    this.connected = new Deferred<P>(() => {
      this.#cancelled = true;
      this.#connector?.disconnect();
    });
  }

  doStart(): void {}

  doStop(): void {}

  startedConnecting(connector: Connector): void {
    this.#connector = connector;
  }

  buildProtocol(): P {
    this.#reactor.callFromThread(() => {
      if (!this.#cancelled) this.connected.callback(this.#protocol);
    });
    return this.#protocol;
  }

  clientConnectionFailed(_connector: Connector, reason: Failure): void {
    if (!this.#cancelled) this.connected.errback(reason);
  }

  clientConnectionLost(): void {}

  logPrefix(): string {
    return logPrefixOf(this.#protocol);
  }
}
