import type { Failure } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import { ClientFactory } from "../protocol/protocol.ts";
import type {
  ClientFactoryLike,
  Connector,
  FactoryLike,
  ProtocolLike,
} from "../interfaces.ts";
import { rememberConnector } from "../transport/connector.ts";
import { wrappedLogPrefix } from "../log_prefix.ts";
import { ProtocolWrapper, type WrapperKeeper } from "./protocol_wrapper.ts";

/**
 * A factory for either side of a connection.
 * @category Policies
 */
export type WrappableFactory = FactoryLike & Partial<ClientFactoryLike>;

/**
 * Wraps another factory's protocols, each in a {@linkcode ProtocolWrapper}: Twisted's
 * `policies.WrappingFactory`. A subclass chooses the wrapper.
 * @category Policies
 */
export class WrappingFactory extends ClientFactory implements WrapperKeeper {
  /** The wrapped factory. */
  readonly wrappedFactory: WrappableFactory;
  /** Those connected. */
  readonly protocols: Set<ProtocolWrapper> = new Set();

  /** Wraps a factory. */
  constructor(wrappedFactory: WrappableFactory) {
    super();
    this.wrappedFactory = wrappedFactory;
  }

  /** Wraps a protocol. */
  wrapProtocol(wrappedProtocol: ProtocolLike): ProtocolWrapper {
    return new ProtocolWrapper(this, wrappedProtocol);
  }

  /** `Poets (TimeoutFactory)`. */
  override logPrefix(): string {
    return wrappedLogPrefix(this, this.wrappedFactory);
  }

  /** Returns nothing if the wrapped factory builds nothing. */
  override buildProtocol(
    address: Address,
  ): ProtocolWrapper | null | undefined {
    const wrapped = this.wrappedFactory.buildProtocol(address);
    return wrapped && this.wrapProtocol(wrapped);
  }

  /** Counts a use of both factories. */
  override doStart(): void {
    const started = this.wrappedFactory.doStart();
    super.doStart();
    return started;
  }

  /** Uncounts a use of both. */
  override doStop(): void {
    const stopped = this.wrappedFactory.doStop();
    super.doStop();
    return stopped;
  }

  /** Forwards it. */
  override startedConnecting(connector: Connector): void {
    rememberConnector(this.wrappedFactory, connector);
    return this.wrappedFactory.startedConnecting?.(connector);
  }

  /** Forwards it. */
  override clientConnectionFailed(connector: Connector, reason: Failure): void {
    return this.wrappedFactory.clientConnectionFailed?.(connector, reason);
  }

  /** Forwards it. */
  override clientConnectionLost(connector: Connector, reason: Failure): void {
    return this.wrappedFactory.clientConnectionLost?.(connector, reason);
  }

  registerProtocol(wrapper: ProtocolWrapper): void {
    this.protocols.add(wrapper);
  }

  unregisterProtocol(wrapper: ProtocolWrapper): void {
    this.protocols.delete(wrapper);
  }
}
