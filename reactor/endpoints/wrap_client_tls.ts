/**
 * TLS over any endpoint.
 *
 * @module
 */

import type { Deferred } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import type { ProtocolLike } from "../interfaces.ts";
import type { ClientTLSOptions } from "../tls_options.ts";
import type {
  ProtocolFactory,
  ProtocolOf,
  StreamClientEndpoint,
} from "./interfaces.ts";
import { logPrefixOf } from "../log_prefix.ts";
import { ForwardingProtocol } from "./passing_protocol.ts";

/**
 * Goes on with TLS as soon as an endpoint has connected, before the protocol hears
 * of it: Twisted's `wrapClientTLS`. So everything that the protocol writes is
 * encrypted, and waits until both ends have agreed.
 *
 * @param options what to show and to trust; the `hostname` must be given, since the
 *   endpoint may be none that has one
 * @param endpoint what connects
 * @throws {TypeError} if the server's certificate is to be checked, and `hostname`
 *   is missing
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
  return new TLSEndpoint(options, endpoint);
}

class TLSEndpoint implements StreamClientEndpoint {
  readonly #options: ClientTLSOptions;
  readonly #endpoint: StreamClientEndpoint;

  constructor(options: ClientTLSOptions, endpoint: StreamClientEndpoint) {
    this.#options = options;
    this.#endpoint = endpoint;
  }

  connect<F extends ProtocolFactory>(factory: F): Deferred<ProtocolOf<F>> {
    const encrypting = new TLSFactory(factory, this.#options);
    return this.#endpoint.connect(encrypting)
      .addCallback((connected) => connected.protocol as ProtocolOf<F>);
  }
}

/** A factory around the one whose protocol is to be connected with TLS. */
class TLSFactory implements ProtocolFactory {
  readonly #factory: ProtocolFactory;
  readonly #options: ClientTLSOptions;

  constructor(factory: ProtocolFactory, options: ClientTLSOptions) {
    this.#factory = factory;
    this.#options = options;
  }

  doStart(): void {
    return this.#factory.doStart?.();
  }

  doStop(): void {
    return this.#factory.doStop?.();
  }

  logPrefix(): string {
    return logPrefixOf(this.#factory);
  }

  buildProtocol(address: Address): TLSProtocol | null | undefined {
    const protocol = this.#factory.buildProtocol(address);
    return protocol && new TLSProtocol(protocol, this.#options);
  }
}

/** Has its connection encrypted, and passes everything on to the protocol. */
class TLSProtocol extends ForwardingProtocol {
  readonly protocol: ProtocolLike;

  constructor(protocol: ProtocolLike, options: ClientTLSOptions) {
    super(protocol, (transport) => {
      transport.startTLS(options);
      return protocol.makeConnection(transport);
    });
    this.protocol = protocol;
  }
}
