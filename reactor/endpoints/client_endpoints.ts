import { Deferred, fail, Failure } from "../../defer/mod.ts";
import { type Address, encodeHostName, HostnameAddress } from "../addresses.ts";
import { checkPath, checkPort, checkSeconds } from "../checks.ts";
import {
  connectWith,
  explainCancelling,
  ForwardingProtocol,
} from "./connecting.ts";
import type {
  ProtocolFactory,
  ProtocolOf,
  StreamClientEndpoint,
} from "./interfaces.ts";
import { DNSLookupError } from "../errors.ts";
import { HappyEyeballs } from "../happy_eyeballs.ts";
import type {
  ClientFactoryLike,
  Connector,
  ProtocolLike,
} from "../interfaces.ts";
import { logPrefixOf } from "../log_prefix.ts";
import { cancelPending } from "../loop/delayed_call.ts";
import type { Reactor } from "../reactor.ts";
import type { ClientTLSOptions } from "../tls_options.ts";
import type { ConnectTCPOptions } from "../transport/tcp.ts";
import type { ConnectSSLOptions } from "../transport/tls.ts";
import type { ConnectUNIXOptions } from "../transport/unix.ts";

/**
 * Makes one attempt with a connector: the base.
 * @category Endpoints
 */
export abstract class ClientEndpoint<O> implements StreamClientEndpoint {
  /** How to connect. */
  readonly options: Readonly<O>;
  readonly #start: (factory: ClientFactoryLike) => Connector;

  /** For subclasses; `start` begins the attempt, by `connectTCP` or its like. */
  constructor(options: O, start: (factory: ClientFactoryLike) => Connector) {
    this.options = options;
    this.#start = start;
  }

  connect<F extends ProtocolFactory>(factory: F): Deferred<ProtocolOf<F>> {
    return connectWith(factory, this.#start);
  }
}

/**
 * A TCP port: Twisted's `TCP4ClientEndpoint`.
 * @category Endpoints
 */
export class TCP4ClientEndpoint extends ClientEndpoint<ConnectTCPOptions> {
  /** A name or an address. */
  readonly host: string;
  /** The port. */
  readonly port: number;

  /**
   * Names a port.
   * @throws {RangeError} if `port` is not 1 to 65535
   */
  constructor(
    reactor: Pick<Reactor, "connectTCP">,
    host: string,
    port: number,
    options: ConnectTCPOptions = {},
  ) {
    checkPort(port, 1);
    super(
      options,
      (factory) => reactor.connectTCP(host, port, factory, options),
    );
    this.host = host;
    this.port = port;
  }
}

/**
 * A port of a host's first IPv6 address: Twisted's `TCP6ClientEndpoint`.
 * @category Endpoints
 */
export class TCP6ClientEndpoint implements StreamClientEndpoint {
  /** A name or an address. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** How to connect. */
  readonly options: Readonly<ConnectTCPOptions>;
  readonly #reactor: Pick<Reactor, "connectTCP" | "nameResolver">;

  /**
   * Names a port.
   * @param host a name, or an address without brackets
   * @throws {RangeError} if `port` is not 1 to 65535
   */
  constructor(
    reactor: Pick<Reactor, "connectTCP" | "nameResolver">,
    host: string,
    port: number,
    options: ConnectTCPOptions = {},
  ) {
    checkPort(port, 1);
    this.#reactor = reactor;
    this.host = host;
    this.port = port;
    this.options = options;
  }

  /**
   * Connects.
   * @returns fails with a `DNSLookupError` without an IPv6 address
   */
  connect<F extends ProtocolFactory>(factory: F): Deferred<ProtocolOf<F>> {
    const { host, port, options } = this;
    return this.#reactor.nameResolver.resolveHostName(host)
      .addCallback((addresses) => {
        const address = addresses.find((address) => address.includes(":"));
        if (address !== undefined) {
          return new TCP4ClientEndpoint(this.#reactor, address, port, options)
            .connect(factory);
        }
        throw new DNSLookupError(
          `Cannot connect to ${host}:${port}: the host has no address in IPv6`,
        );
      })
      .addErrback(explainCancelling(new HostnameAddress(host, port)));
  }
}

/**
 * A TCP port with TLS: Twisted's `SSL4ClientEndpoint`. The deferred fires when connected,
 * before the handshake, for which writes wait.
 * @category Endpoints
 */
export class SSL4ClientEndpoint extends ClientEndpoint<ConnectSSLOptions> {
  /** A name or an address. */
  readonly host: string;
  /** The port. */
  readonly port: number;

  /**
   * Names a port.
   * @param host which the certificate must be for, unless `hostname` says otherwise
   * @throws {RangeError} if `port` is not 1 to 65535
   */
  constructor(
    reactor: Pick<Reactor, "connectSSL">,
    host: string,
    port: number,
    options: ConnectSSLOptions = {},
  ) {
    checkPort(port, 1);
    super(
      options,
      (factory) => reactor.connectSSL(host, port, factory, options),
    );
    this.host = host;
    this.port = port;
  }
}

/**
 * A UNIX socket: Twisted's `UNIXClientEndpoint`.
 * @category Endpoints
 */
export class UNIXClientEndpoint extends ClientEndpoint<ConnectUNIXOptions> {
  /** Of the socket's file. */
  readonly path: string;

  /**
   * Names a socket.
   * @throws {TypeError} if `path` is empty
   */
  constructor(
    reactor: Pick<Reactor, "connectUNIX">,
    path: string,
    options: ConnectUNIXOptions = {},
  ) {
    checkPath(path);
    super(options, (factory) => reactor.connectUNIX(path, factory, options));
    this.path = path;
  }
}

/**
 * How a {@linkcode HostnameEndpoint} connects.
 * @category Endpoints
 */
export interface HostnameEndpointOptions {
  /**
   * Per address, in seconds; `null` to let the system decide.
   * @default {30}
   */
  timeout?: number | null | undefined;
  /**
   * Where to connect from, if the runtime can choose.
   * @default {undefined}
   */
  bindAddress?: string | readonly [host: string, port: number] | undefined;
  /**
   * Seconds for one address before the next is tried as well.
   * @default {0.3}
   */
  attemptDelay?: number | undefined;
}

/**
 * What it needs of a reactor.
 * @category Endpoints
 */
export type HostnameReactor = Pick<
  Reactor,
  "callLater" | "connectTCP" | "nameResolver"
>;

/**
 * A port of a host with several addresses: Twisted's `HostnameEndpoint`. The attempts
 * overlap, IPv4 and IPv6 interleaved (Happy Eyeballs, RFC 8305); the first connection is
 * taken.
 * @category Endpoints
 */
export class HostnameEndpoint implements StreamClientEndpoint {
  /** The name of the host. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** How to connect. */
  readonly options: Readonly<HostnameEndpointOptions>;
  readonly #reactor: HostnameReactor;

  /**
   * Names a port.
   * @throws {RangeError} if `port` is not 1 to 65535, or `attemptDelay` less than 0
   */
  constructor(
    reactor: HostnameReactor,
    host: string,
    port: number,
    options: HostnameEndpointOptions = {},
  ) {
    checkPort(port, 1);
    const { attemptDelay = 0.3 } = options;
    checkSeconds("attemptDelay", attemptDelay);
    this.#reactor = reactor;
    this.host = host;
    this.port = port;
    this.options = options;
  }

  /**
   * Connects.
   * @returns fails with a `DNSLookupError` without an address, or with the first failure
   */
  connect<F extends ProtocolFactory>(factory: F): Deferred<ProtocolOf<F>> {
    const { host, port } = this;
    if (!isHostName(host)) {
      const name = JSON.stringify(host);
      const message = `Cannot connect to ${name}: the host name is invalid`;
      return fail(new SyntaxError(message));
    }
    return this.#reactor.nameResolver.resolveHostName(host)
      .addCallback((addresses) => this.#race(addresses, factory))
      .addErrback(explainCancelling(new HostnameAddress(host, port)));
  }

  #race<F extends ProtocolFactory>(
    addresses: readonly string[],
    factory: F,
  ): Deferred<ProtocolOf<F>> {
    const { host, port } = this;
    const { attemptDelay = 0.3, timeout, bindAddress } = this.options;
    const reactor = this.#reactor;
    if (addresses.length === 0) {
      throw new DNSLookupError(
        `Cannot connect to ${host}:${port}: the host has no address`,
      );
    }
    const options: ConnectTCPOptions = {
      timeout,
      bindAddress: typeof bindAddress === "string"
        ? [bindAddress, 0]
        : bindAddress,
    };
    const connected = new Deferred<ProtocolOf<F>>(() => race.cancel());
    const race = new HappyEyeballs<ProtocolOf<F>>(addresses, {
      connect: (address, outcome) =>
        new TCP4ClientEndpoint(reactor, address, port, options)
          .connect(factory)
          .addCallbacks(
            (protocol) => outcome.succeeded(protocol),
            (failure) => outcome.failed(failure.value),
          ),
      delay: attemptDelay,
      setAlarm: (seconds, fn) => {
        const call = reactor.callLater(seconds, fn);
        return () => cancelPending(call);
      },
    }, {
      succeeded: (protocol) => connected.callback(protocol),
      failed: (error) => connected.errback(error as Error),
    });
    return connected;
  }
}

/**
 * Starts TLS over any endpoint once connected, before `connectionMade`: Twisted's
 * `wrapClientTLS`. Writes wait for the handshake.
 * @throws {TypeError} without a `hostname`, which an endpoint need not have, to verify
 *   the server's certificate for
 * @category Endpoints
 */
export function wrapClientTLS(
  options: ClientTLSOptions,
  endpoint: StreamClientEndpoint,
): StreamClientEndpoint {
  if (!options.hostname && options.verify !== false) {
    throw new TypeError(
      "TLS over an endpoint needs the hostname that the server's certificate has to be for",
    );
  }
  return {
    connect<F extends ProtocolFactory>(factory: F): Deferred<ProtocolOf<F>> {
      return endpoint.connect(tlsFactory(factory, options))
        .addCallback(({ failure, protocol }) =>
          failure ?? protocol as ProtocolOf<F>
        );
    },
  };
}

/** In bytes (RFC 1035, section 2.3.4). */
const MAX_NAME_LENGTH = 253;

function isHostName(host: string): boolean {
  const name = encodeHostName(host) ?? "";
  return /^[^\s/?#@[\]\\]+$/.test(name) && name.length <= MAX_NAME_LENGTH;
}

function tlsFactory(factory: ProtocolFactory, options: ClientTLSOptions) {
  return {
    doStart: () => factory.doStart?.(),
    doStop: () => factory.doStop?.(),
    logPrefix: () => logPrefixOf(factory),
    buildProtocol(address: Address): TLSProtocol | null | undefined {
      const protocol = factory.buildProtocol(address);
      return protocol && new TLSProtocol(protocol, options);
    },
  };
}

class TLSProtocol extends ForwardingProtocol {
  readonly protocol: ProtocolLike;
  /** Of `startTLS`, not of the protocol, which then has no connection. */
  failure: Failure | undefined;

  constructor(protocol: ProtocolLike, options: ClientTLSOptions) {
    super(protocol, (transport) => {
      const started = Failure.capture(() => transport.startTLS(options));
      if (!(started instanceof Failure)) {
        return protocol.makeConnection(transport);
      }
      this.failure = started;
      transport.abortConnection();
    });
    this.protocol = protocol;
  }

  override connectionLost(reason: Failure): void {
    if (this.failure === undefined) return super.connectionLost(reason);
  }
}
