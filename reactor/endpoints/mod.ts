/**
 * Endpoints: where to connect to and where to listen, as values.
 * @module
 */

export {
  ClientEndpoint,
  HostnameEndpoint,
  type HostnameEndpointOptions,
  type HostnameReactor,
  SSL4ClientEndpoint,
  TCP4ClientEndpoint,
  TCP6ClientEndpoint,
  UNIXClientEndpoint,
  wrapClientTLS,
} from "./client_endpoints.ts";
export { clientFromString, serverFromString } from "./from_string.ts";
export { connectProtocol } from "./connecting.ts";
export { quoteStringArgument } from "./description.ts";
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
