import type { Deferred } from "../../defer/mod.ts";
import type { Address } from "../addresses.ts";
import type { ProtocolLike } from "../interfaces.ts";
import { logPrefixOf } from "../log_prefix.ts";
import type { ClientTLSOptions } from "../tls_options.ts";
import { ForwardingProtocol } from "./connecting.ts";
import type {
  ProtocolFactory,
  ProtocolOf,
  StreamClientEndpoint,
} from "./interfaces.ts";

/**
 * Starts TLS over any endpoint once connected, before `connectionMade`: Twisted's
 * `wrapClientTLS`. Writes wait for the handshake, and are encrypted.
 * @param options `hostname` is required, since an endpoint need not have one
 * @throws {TypeError} if it is missing, and the server's certificate is to be verified
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
      return endpoint.connect(new TLSFactory(factory, options))
        .addCallback((connected) => connected.protocol as ProtocolOf<F>);
    },
  };
}

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
