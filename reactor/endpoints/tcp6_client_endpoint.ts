/**
 * Connecting over TCP and IPv6.
 *
 * @module
 */

import type { Deferred } from "../../defer/mod.ts";
import { HostnameAddress } from "../addresses.ts";
import { DNSLookupError } from "../errors.ts";
import type { Reactor } from "../reactor.ts";
import { checkPort } from "../checks.ts";
import type { ConnectTCPOptions } from "../transport/tcp.ts";
import { explainCancelling } from "./connecting.ts";
import type {
  ProtocolFactory,
  ProtocolOf,
  StreamClientEndpoint,
} from "./interfaces.ts";
import { TCP4ClientEndpoint } from "./tcp4_client_endpoint.ts";

/**
 * A port that is connected to over IPv6 alone: Twisted's `TCP6ClientEndpoint`. A
 * name is looked up, and the first of its addresses in IPv6 is connected to.
 */
export class TCP6ClientEndpoint implements StreamClientEndpoint {
  /** The name or the address of the host. */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** How long to try, and from where. */
  readonly options: Readonly<ConnectTCPOptions>;
  readonly #reactor: Pick<Reactor, "connectTCP" | "nameResolver">;

  /**
   * Names a port.
   *
   * @param reactor what connects, and looks the name up
   * @param host a name, or an address without brackets
   * @param port 1 to 65535
   * @param options how long to try, and from where
   * @throws {RangeError} if `port` is none
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
   *
   * @param factory builds the protocol
   * @returns fires with the protocol, after its `connectionMade`; fails with a
   *   `DNSLookupError` if the host has no address in IPv6
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
