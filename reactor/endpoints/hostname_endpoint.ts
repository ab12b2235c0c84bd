/**
 * Connecting to a host by its name, over whichever of its addresses.
 *
 * @module
 */

import { type Deferred, fail } from "../../defer/mod.ts";
import { HostnameAddress } from "../addresses.ts";
import { DNSLookupError } from "../errors.ts";
import { encodeHostName } from "../host_names.ts";
import type { Reactor } from "../reactor.ts";
import { checkPort } from "../checks.ts";
import type { ConnectTCPOptions } from "../transport/tcp.ts";
import { inTurn } from "./address_order.ts";
import { Attempts } from "./attempts.ts";
import { explainCancelling } from "./connecting.ts";
import type {
  ProtocolFactory,
  ProtocolOf,
  StreamClientEndpoint,
} from "./interfaces.ts";
import { TCP4ClientEndpoint } from "./tcp4_client_endpoint.ts";

/** How a {@linkcode HostnameEndpoint} connects. */
export interface HostnameEndpointOptions {
  /**
   * How long to try each of the addresses, in seconds; `null` to let the system
   * decide.
   *
   * @default {30}
   */
  timeout?: number | null | undefined;
  /**
   * The local host to connect from, and the port, if it is not to be any. Not
   * every runtime can choose them.
   *
   * @default {undefined}
   */
  bindAddress?: string | readonly [host: string, port: number] | undefined;
  /**
   * How long an address is tried before the next is tried as well, in seconds.
   *
   * @default {0.3}
   */
  attemptDelay?: number | undefined;
}

/** What a {@linkcode HostnameEndpoint} needs of a reactor. */
export type HostnameReactor = Pick<
  Reactor,
  "callLater" | "connectTCP" | "nameResolver"
>;

/**
 * A port of a host that may have several addresses: Twisted's `HostnameEndpoint`.
 * They are tried one after the other, those of IPv4 and IPv6 in turn (RFC 8305),
 * each without waiting for the last to fail; the first connection is taken.
 *
 * @example
 * ```ts
 * import { Factory, HostnameEndpoint, Protocol, succeed } from "@deferno/deferno";
 * import { MemoryReactorClock } from "@deferno/deferno/testing";
 *
 * const reactor = new MemoryReactorClock();
 * reactor.installNameResolver({
 *   resolveHostName: () => succeed(["2001:db8::1", "192.0.2.1"]),
 * });
 * const endpoint = new HostnameEndpoint(reactor, "poems.test", 10000);
 * endpoint.connect(Factory.forProtocol(Protocol));
 * reactor.advance(0.3);
 * console.assert(reactor.tcpClients.length === 2);
 * ```
 */
export class HostnameEndpoint implements StreamClientEndpoint {
  /** The name of the host. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** How long to try, and from where. */
  readonly options: Readonly<HostnameEndpointOptions>;
  readonly #reactor: HostnameReactor;

  /**
   * Names a host and a port.
   *
   * @param reactor what looks the name up, and connects
   * @param host a name; an address will do
   * @param port 1 to 65535
   * @param options how long to try, and from where
   * @throws {RangeError} if `port` is none, or `attemptDelay` less than 0
   */
  constructor(
    reactor: HostnameReactor,
    host: string,
    port: number,
    options: HostnameEndpointOptions = {},
  ) {
    checkPort(port, 1);
    const { attemptDelay = 0.3 } = options;
    if (!(attemptDelay >= 0)) {
      throw new RangeError(
        `An attemptDelay is 0 or more seconds: this is ${attemptDelay}`,
      );
    }
    this.#reactor = reactor;
    this.host = host;
    this.port = port;
    this.options = options;
  }

  /**
   * Connects.
   *
   * @param factory builds the protocol
   * @returns fires with the protocol, after its `connectionMade`; fails with a
   *   `DNSLookupError` if the host has no address, and with the first of the
   *   failures if none of its addresses could be connected to
   */
  connect<F extends ProtocolFactory>(factory: F): Deferred<ProtocolOf<F>> {
    const { host, port } = this;
    if (!isHostName(host)) {
      const name = JSON.stringify(host);
      return fail(
        new SyntaxError(`Cannot connect to ${name}: it is no name of a host`),
      );
    }
    return this.#reactor.nameResolver.resolveHostName(host)
      .addCallback((addresses) => this.#tryAll(addresses, factory))
      .addErrback(explainCancelling(new HostnameAddress(host, port)));
  }

  #tryAll<F extends ProtocolFactory>(
    addresses: readonly string[],
    factory: F,
  ): Deferred<ProtocolOf<F>> {
    const { host, port } = this;
    const { attemptDelay = 0.3, timeout, bindAddress } = this.options;
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
    const attempts = inTurn(addresses).map((address) => () =>
      new TCP4ClientEndpoint(this.#reactor, address, port, options)
        .connect(factory)
    );
    return new Attempts(this.#reactor, attempts, attemptDelay).outcome;
  }
}

/** The longest name that there can be. */
const LONGEST_NAME = 253;

function isHostName(host: string): boolean {
  const name = encodeHostName(host) ?? "";
  return /^[^\s/?#@[\]\\]+$/.test(name) && name.length <= LONGEST_NAME;
}
