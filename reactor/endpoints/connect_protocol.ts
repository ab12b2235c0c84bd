/**
 * Connecting without a factory.
 *
 * @module
 */

import type { Deferred } from "../../defer/mod.ts";
import type { ProtocolLike } from "../interfaces.ts";
import type { StreamClientEndpoint } from "./interfaces.ts";

/**
 * Connects a protocol that is there already, and needs no factory: Twisted's
 * `connectProtocol`. Its `factory` is not set.
 *
 * @param endpoint where to connect to
 * @param protocol what to connect
 * @returns fires with that very protocol, after its `connectionMade`
 *
 * @example
 * ```ts
 * import { connectProtocol, Protocol, TCP4ClientEndpoint } from "@deferno/deferno";
 * import { MemoryReactor } from "@deferno/deferno/testing";
 *
 * const endpoint = new TCP4ClientEndpoint(new MemoryReactor(), "poems.test", 10000);
 * connectProtocol(endpoint, new Protocol())
 *   .addCallback((protocol) => protocol.transport.loseConnection());
 * ```
 */
export function connectProtocol<P extends ProtocolLike>(
  endpoint: StreamClientEndpoint,
  protocol: P,
): Deferred<P> {
  return endpoint.connect({ buildProtocol: () => protocol })
    .addCallback(() => protocol);
}
