import { type Deferred, execute } from "../../defer/mod.ts";
import type { Address, TCPAddress, UNIXAddress } from "../addresses.ts";
import type { FactoryLike } from "../interfaces.ts";
import type { Reactor } from "../reactor.ts";
import type { Port } from "../transport/port.ts";
import { checkPath, checkPort } from "../checks.ts";
import type { ListenTCPOptions } from "../transport/tcp.ts";
import type { ListenSSLOptions } from "../transport/tls.ts";
import type { ListenUNIXOptions } from "../transport/unix.ts";
import type { StreamServerEndpoint } from "./interfaces.ts";

/**
 * The base of those that listen.
 * @category Endpoints
 */
export abstract class ServerEndpoint<O, A extends Address>
  implements StreamServerEndpoint<A> {
  /** How to listen. */
  readonly options: Readonly<O>;
  readonly #listen: (factory: FactoryLike) => Port<A>;

  /** For subclasses; `listen` opens the port, by `listenTCP` or its like. */
  constructor(options: O, listen: (factory: FactoryLike) => Port<A>) {
    this.options = options;
    this.#listen = listen;
  }

  /** Listens; fails with what `listenTCP` and its like throw. */
  listen(factory: FactoryLike): Deferred<Port<A>> {
    return execute(this.#listen, factory);
  }
}

/**
 * A TCP port: Twisted's `TCP4ServerEndpoint`.
 * @category Endpoints
 */
export class TCP4ServerEndpoint
  extends ServerEndpoint<ListenTCPOptions, TCPAddress> {
  /** 0 for any free one. */
  readonly port: number;

  /**
   * Names a port.
   * @throws {RangeError} if `port` is not 0 to 65535
   */
  constructor(
    reactor: Pick<Reactor, "listenTCP">,
    port: number,
    options: ListenTCPOptions = {},
  ) {
    checkPort(port, 0);
    super(options, (factory) => reactor.listenTCP(port, factory, options));
    this.port = port;
  }
}

/**
 * A TCP port over IPv6, by default on all addresses: Twisted's `TCP6ServerEndpoint`.
 * @category Endpoints
 */
export class TCP6ServerEndpoint extends TCP4ServerEndpoint {
  /**
   * Names a port.
   * @throws {RangeError} if `port` is not 0 to 65535
   */
  constructor(
    reactor: Pick<Reactor, "listenTCP">,
    port: number,
    options: ListenTCPOptions = {},
  ) {
    super(reactor, port, { interface: "::", ...options });
  }
}

/**
 * A TCP port with TLS: Twisted's `SSL4ServerEndpoint`. Its deferred fails with a
 * `TypeError` if a certificate or key cannot be read.
 * @category Endpoints
 */
export class SSL4ServerEndpoint
  extends ServerEndpoint<ListenSSLOptions, TCPAddress> {
  /** 0 for any free one. */
  readonly port: number;

  /**
   * Names a port.
   * @throws {RangeError} if `port` is not 0 to 65535
   */
  constructor(
    reactor: Pick<Reactor, "listenSSL">,
    port: number,
    options: ListenSSLOptions,
  ) {
    checkPort(port, 0);
    super(options, (factory) => reactor.listenSSL(port, factory, options));
    this.port = port;
  }
}

/**
 * A UNIX socket: Twisted's `UNIXServerEndpoint`.
 * @category Endpoints
 */
export class UNIXServerEndpoint
  extends ServerEndpoint<ListenUNIXOptions, UNIXAddress> {
  /** Of the socket's file. */
  readonly address: string;

  /**
   * Names a socket.
   * @throws {TypeError} if `address` is empty
   */
  constructor(
    reactor: Pick<Reactor, "listenUNIX">,
    address: string,
    options: ListenUNIXOptions = {},
  ) {
    checkPath(address);
    super(options, (factory) => reactor.listenUNIX(address, factory, options));
    this.address = address;
  }
}
