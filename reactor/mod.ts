/**
 * The reactor, and what it connects: protocols, factories and transports.
 *
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
export * from "./backends/deno.ts";
export { createMemoryBackend } from "./backends/memory.ts";
export { ClientCreator, type ClientReactor } from "./client_creator.ts";
export { Clock } from "./clock.ts";
export type { CooperativeTask, Steps } from "./cooperative_task.ts";
export {
  coiterate,
  cooperate,
  Cooperator,
  type CooperatorOptions,
} from "./cooperator.ts";
export { install, reactor } from "./default.ts";
export { deferLater } from "./defer_later.ts";
export type { DelayedCall, DelayedCallQueue } from "./delayed_call.ts";
export * from "./endpoints/mod.ts";
export * from "./errors.ts";
export { ClientFactory, Factory, ServerFactory } from "./factory.ts";
export {
  FileSender,
  type FileSenderOptions,
  type ReadableFile,
} from "./file_sender.ts";
export type * from "./interfaces.ts";
export { LoopingCall } from "./looping_call.ts";
export type { NameResolver } from "./name_resolver.ts";
export * from "./policies/mod.ts";
export { Protocol } from "./protocol.ts";
export * from "./protocols/mod.ts";
export { react, type ReactMain } from "./react.ts";
export { ReconnectingClientFactory } from "./reconnecting_client_factory.ts";
export { Reactor, type ReactorOptions, type RunOptions } from "./reactor.ts";
export { select, type Selectable } from "./select.ts";
export { Socket, type SocketPath } from "./socket.ts";
export type { EventPhase, SystemEventTrigger } from "./system_events.ts";
export type { Connection } from "./tcp/connection.ts";
export type { Port } from "./tcp/port.ts";
export type { ConnectTCPOptions, ListenTCPOptions } from "./tcp/tcp.ts";
export { type Closeable, TimeoutMixin } from "./timeout_mixin.ts";
export type * from "./tls/options.ts";
export type { ConnectSSLOptions, ListenSSLOptions } from "./tls/tls.ts";
export type { ConnectUNIXOptions, ListenUNIXOptions } from "./unix/unix.ts";
