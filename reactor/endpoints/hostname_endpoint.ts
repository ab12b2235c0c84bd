import { Deferred, fail } from "../../defer/mod.ts";
import { encodeHostName, HostnameAddress } from "../addresses.ts";
import { DNSLookupError } from "../errors.ts";
import { HappyEyeballs } from "../happy_eyeballs.ts";
import { cancelPending } from "../loop/delayed_call.ts";
import type { Reactor } from "../reactor.ts";
import { checkPort, checkSeconds } from "../checks.ts";
import type { ConnectTCPOptions } from "../transport/tcp.ts";
import { TCP4ClientEndpoint } from "./client_endpoints.ts";
import { explainCancelling } from "./connecting.ts";
import type {
  ProtocolFactory,
  ProtocolOf,
  StreamClientEndpoint,
} from "./interfaces.ts";

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
   *   if none could be connected to
   */
  connect<F extends ProtocolFactory>(factory: F): Deferred<ProtocolOf<F>> {
    const { host, port } = this;
    if (!isHostName(host)) {
      const name = JSON.stringify(host);
      return fail(
        new SyntaxError(`Cannot connect to ${name}: the host name is invalid`),
      );
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
      connect: (address, outcome) => {
        const endpoint = new TCP4ClientEndpoint(
          this.#reactor,
          address,
          port,
          options,
        );
        return endpoint.connect(factory).addCallbacks(
          (protocol) => outcome.succeeded(protocol),
          (failure) => outcome.failed(failure.value),
        );
      },
      delay: attemptDelay,
      setAlarm: (seconds, fn) => {
        const call = this.#reactor.callLater(seconds, fn);
        return () => cancelPending(call);
      },
    }, {
      succeeded: (protocol) => connected.callback(protocol),
      failed: (error) => connected.errback(error as Error),
    });
    return connected;
  }
}

/** In bytes (RFC 1035, section 2.3.4). */
const MAX_NAME_LENGTH = 253;

function isHostName(host: string): boolean {
  const name = encodeHostName(host) ?? "";
  return /^[^\s/?#@[\]\\]+$/.test(name) && name.length <= MAX_NAME_LENGTH;
}
