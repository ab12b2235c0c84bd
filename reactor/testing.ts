/**
 * What tests of protocols, factories and programs need.
 *
 * @module
 */

export {
  type AccumulatingFactory,
  AccumulatingProtocol,
} from "./testing/accumulating_protocol.ts";
export { connectProtocols, IOPump } from "./testing/io_pump.ts";
export {
  MemoryReactor,
  MemoryReactorClock,
  type NotedCall,
  type NotedCalls,
  RaisingMemoryReactor,
  type RaisingMemoryReactorOptions,
  type SSLClient,
  type SSLServer,
  type TCPClient,
  type TCPServer,
  type UNIXClient,
  type UNIXServer,
} from "./testing/memory_reactor.ts";
export {
  StringTransport,
  type StringTransportOptions,
  StringTransportWithDisconnection,
} from "./testing/string_transport.ts";
