/**
 * Endpoints: where to connect to and where to listen, as values.
 *
 * @module
 */

export { clientFromString } from "./client_from_string.ts";
export { connectProtocol } from "./connect_protocol.ts";
export { quoteStringArgument } from "./description.ts";
export {
  HostnameEndpoint,
  type HostnameEndpointOptions,
  type HostnameReactor,
} from "./hostname_endpoint.ts";
export type {
  ProtocolFactory,
  ProtocolOf,
  StreamClientEndpoint,
  StreamServerEndpoint,
} from "./interfaces.ts";
export { serverFromString } from "./server_from_string.ts";
export { SSL4ClientEndpoint } from "./ssl4_client_endpoint.ts";
export { SSL4ServerEndpoint } from "./ssl4_server_endpoint.ts";
export { TCP4ClientEndpoint } from "./tcp4_client_endpoint.ts";
export { TCP6ClientEndpoint } from "./tcp6_client_endpoint.ts";
export {
  TCP4ServerEndpoint,
  TCP6ServerEndpoint,
} from "./tcp_server_endpoints.ts";
export { UNIXClientEndpoint } from "./unix_client_endpoint.ts";
export { UNIXServerEndpoint } from "./unix_server_endpoint.ts";
export { wrapClientTLS } from "./wrap_client_tls.ts";
