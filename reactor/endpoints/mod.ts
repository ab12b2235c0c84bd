/**
 * Endpoints: where to connect to and where to listen, as values.
 * @module
 */

export {
  ClientEndpoint,
  SSL4ClientEndpoint,
  TCP4ClientEndpoint,
  TCP6ClientEndpoint,
  UNIXClientEndpoint,
  wrapClientTLS,
} from "./client_endpoints.ts";
export { clientFromString } from "./client_from_string.ts";
export { connectProtocol } from "./connecting.ts";
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
export {
  ServerEndpoint,
  SSL4ServerEndpoint,
  TCP4ServerEndpoint,
  TCP6ServerEndpoint,
  UNIXServerEndpoint,
} from "./server_endpoints.ts";
export { serverFromString } from "./server_from_string.ts";
