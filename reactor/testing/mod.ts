export {
  type AccumulatingFactory,
  AccumulatingProtocol,
} from "./accumulating_protocol.ts";
export { connectProtocols, IOPump } from "./io_pump.ts";
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
} from "./memory_reactor.ts";
export {
  StringTransport,
  type StringTransportOptions,
  StringTransportWithDisconnection,
} from "./string_transport.ts";
