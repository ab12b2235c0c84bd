/**
 * What tests of protocols, factories and programs need.
 *
 * @module
 */

export {
  type AccumulatingFactory,
  AccumulatingProtocol,
} from "./testing/accumulating_protocol.ts";
export {
  StringTransport,
  type StringTransportOptions,
  StringTransportWithDisconnection,
} from "./testing/string_transport.ts";
