/**
 * The reactor, and what it connects: protocols, factories and transports.
 * @module
 */

export {
  type Address,
  HostnameAddress,
  type InternetAddress,
  IPv4Address,
  IPv6Address,
  type TCPAddress,
  UNIXAddress,
} from "./addresses.ts";
export { createMemoryBackend } from "./backends/memory/backend.ts";
export { runtimeBackend } from "./backends/runtime.ts";
export {
  ClientCreator,
  type ClientReactor,
} from "./protocol/client_creator.ts";
export { Clock } from "./task/clock.ts";
export type { CooperativeTask } from "./task/cooperative_task.ts";
export {
  coiterate,
  cooperate,
  Cooperator,
  type CooperatorOptions,
} from "./task/cooperator.ts";
export { install, reactor } from "./default.ts";
export { deferLater } from "./task/defer_later.ts";
export * from "./endpoints/mod.ts";
export * from "./errors.ts";
export {
  FileSender,
  type FileSenderOptions,
  type ReadableFile,
} from "./transport/file_sender.ts";
export type * from "./backend.ts";
export type * from "./instrument.ts";
export {
  Census,
  type CensusNumbers,
  type Lateness,
} from "./instruments/census.ts";
export {
  SlowCall,
  SlowCalls,
  type SlowCallsOptions,
} from "./instruments/slow_calls.ts";
export {
  type Trace,
  type TraceEvent,
  TraceRecorder,
} from "./instruments/trace_recorder.ts";
export type * from "./interfaces.ts";
export { LoopingCall } from "./task/looping_call.ts";
export type { NameResolver } from "./transport/name_resolver.ts";
export * from "./policies/mod.ts";
export {
  ClientFactory,
  Factory,
  Protocol,
  ServerFactory,
} from "./protocol/protocol.ts";
export * from "./protocols/mod.ts";
export { react, type ReactMain } from "./task/react.ts";
export { ReconnectingClientFactory } from "./protocol/reconnecting_client_factory.ts";
export { Reactor, type ReactorOptions, type RunOptions } from "./reactor.ts";
export { select, type Selectable } from "./sockets/select.ts";
export { Socket, type SocketPath } from "./sockets/socket.ts";
export type { EventPhase, SystemEventTrigger } from "./loop/system_events.ts";
export type { Connection } from "./transport/connection.ts";
export type { Port } from "./transport/port.ts";
export type { ConnectTCPOptions, ListenTCPOptions } from "./transport/tcp.ts";
export { type Closeable, TimeoutMixin } from "./protocol/timeout_mixin.ts";
export type * from "./tls_options.ts";
export type { ConnectSSLOptions, ListenSSLOptions } from "./transport/tls.ts";
export type {
  ConnectUNIXOptions,
  ListenUNIXOptions,
} from "./transport/unix.ts";
