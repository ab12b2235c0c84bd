/**
 * Deferno: Twisted's asynchronous core for TypeScript. A reactor calls your code when
 * something has happened; protocols say what to do with a connection, whatever carries
 * it; a {@linkcode Deferred} stands for a result that is not there yet.
 *
 * Parts of it alone are `/defer`, which has no I/O, `/protocols`, `/policies`,
 * `/endpoints`, and `/testing`, for tests.
 * @example A server that greets, and a client that prints the greeting
 * ```ts
 * import { ClientFactory, Factory, Protocol, reactor } from "@deferno/deferno";
 *
 * class Greeter extends Protocol {
 *   override connectionMade(): void {
 *     this.transport.write(new TextEncoder().encode("hello"));
 *     this.transport.loseConnection();
 *   }
 * }
 *
 * class Printer extends Protocol {
 *   override dataReceived(data: Uint8Array): void {
 *     console.log(new TextDecoder().decode(data));
 *   }
 *   override connectionLost(): void {
 *     reactor.stop();
 *   }
 * }
 *
 * const options = { interface: "127.0.0.1" };
 * const port = reactor.listenTCP(0, Factory.forProtocol(Greeter), options);
 * const printers = ClientFactory.forProtocol(Printer);
 * reactor.connectTCP("127.0.0.1", port.getHost().port, printers);
 * await reactor.run();
 * ```
 * @module
 */

export * from "./defer/mod.ts";
export {
  type Address,
  HostnameAddress,
  type InternetAddress,
  IPv4Address,
  IPv6Address,
  type TCPAddress,
  UNIXAddress,
} from "./reactor/addresses.ts";
export { createMemoryBackend } from "./reactor/backends/memory/backend.ts";
export { runtimeBackend } from "./reactor/backends/runtime.ts";
export {
  ClientCreator,
  type ClientReactor,
} from "./reactor/protocol/client_creator.ts";
export { Clock } from "./reactor/task/clock.ts";
export {
  coiterate,
  cooperate,
  type CooperativeTask,
  Cooperator,
  type CooperatorOptions,
} from "./reactor/task/cooperator.ts";
export { install, reactor } from "./reactor/default.ts";
export { deferLater } from "./reactor/task/defer_later.ts";
export * from "./reactor/endpoints/mod.ts";
export * from "./reactor/errors.ts";
export {
  FileSender,
  type FileSenderOptions,
  type ReadableFile,
} from "./reactor/transport/file_sender.ts";
export type * from "./reactor/backend.ts";
export type * from "./reactor/instrument.ts";
export {
  Census,
  type CensusNumbers,
  type Lateness,
} from "./reactor/instruments/census.ts";
export {
  SlowCall,
  SlowCalls,
  type SlowCallsOptions,
} from "./reactor/instruments/slow_calls.ts";
export {
  type Trace,
  type TraceEvent,
  TraceRecorder,
} from "./reactor/instruments/trace_recorder.ts";
export type * from "./reactor/interfaces.ts";
export { LoopingCall } from "./reactor/task/looping_call.ts";
export type { NameResolver } from "./reactor/transport/name_resolver.ts";
export * from "./reactor/policies/mod.ts";
export {
  ClientFactory,
  Factory,
  Protocol,
  ServerFactory,
} from "./reactor/protocol/protocol.ts";
export * from "./reactor/protocols/mod.ts";
export { react, type ReactMain } from "./reactor/task/react.ts";
export { ReconnectingClientFactory } from "./reactor/protocol/reconnecting_client_factory.ts";
export {
  Reactor,
  type ReactorOptions,
  type RunOptions,
} from "./reactor/reactor.ts";
export { select, type Selectable } from "./reactor/sockets/select.ts";
export { Socket, type SocketPath } from "./reactor/sockets/socket.ts";
export type {
  EventPhase,
  SystemEventTrigger,
} from "./reactor/loop/system_events.ts";
export type { Connection } from "./reactor/transport/connection.ts";
export type { Port } from "./reactor/transport/port.ts";
export type {
  ConnectTCPOptions,
  ListenTCPOptions,
} from "./reactor/transport/tcp.ts";
export {
  type Closeable,
  TimeoutMixin,
} from "./reactor/protocol/timeout_mixin.ts";
export type * from "./reactor/tls_options.ts";
export type {
  ConnectSSLOptions,
  ListenSSLOptions,
} from "./reactor/transport/tls.ts";
export type {
  ConnectUNIXOptions,
  ListenUNIXOptions,
} from "./reactor/transport/unix.ts";
