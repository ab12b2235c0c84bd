// Listening over TCP, TLS and UNIX sockets.

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
 * The base of the endpoints that listen.
 * @category Endpoints
 */
export abstract class ServerEndpoint<O, A extends Address>
  implements StreamServerEndpoint<A> {
  /** How to listen. */
  readonly options: Readonly<O>;
  readonly #listen: (factory: FactoryLike) => Port<A>;

  /**
   * Names something to listen on.
   * @param listen opens the port: a call of `listenTCP`, or of its like
   */
  constructor(options: O, listen: (factory: FactoryLike) => Port<A>) {
    this.options = options;
    this.#listen = listen;
  }

  /**
   * Listens.
   * @returns fails with what `listenTCP` and its like throw
   */
  listen(factory: FactoryLike): Deferred<Port<A>> {
    return execute(this.#listen, factory);
  }
}

/**
 * Listens on a TCP port: Twisted's `TCP4ServerEndpoint`.
 * @category Endpoints
 */
export class TCP4ServerEndpoint
  extends ServerEndpoint<ListenTCPOptions, TCPAddress> {
  /** 0 for any that is free. */
  readonly port: number;

  /**
   * Names a port.
   * @param port 0 to 65535; 0 for any that is free
   * @throws {RangeError} if `port` is out of range
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
 * Listens on a TCP port over IPv6: Twisted's `TCP6ServerEndpoint`; on all local
 * addresses, unless an `interface` is given.
 * @category Endpoints
 */
export class TCP6ServerEndpoint extends TCP4ServerEndpoint {
  /**
   * Names a port.
   * @param port 0 to 65535; 0 for any that is free
   * @throws {RangeError} if `port` is out of range
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
 * Listens on a TCP port with TLS: Twisted's `SSL4ServerEndpoint`. Its deferred fails with
 * a `TypeError` if a certificate or key cannot be read.
 * @category Endpoints
 */
export class SSL4ServerEndpoint
  extends ServerEndpoint<ListenSSLOptions, TCPAddress> {
  /** 0 for any that is free. */
  readonly port: number;

  /**
   * Names a port.
   * @param port 0 to 65535; 0 for any that is free
   * @throws {RangeError} if `port` is out of range
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
 * Listens on a UNIX socket: Twisted's `UNIXServerEndpoint`.
 * @category Endpoints
 */
export class UNIXServerEndpoint
  extends ServerEndpoint<ListenUNIXOptions, UNIXAddress> {
  /** The path of the socket's file. */
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
