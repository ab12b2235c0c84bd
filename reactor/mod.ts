/**
 * The reactor, and what it connects: protocols, factories and transports.
 *
 * @module
 */

export {
  type Address,
  type InternetAddress,
  IPv4Address,
  IPv6Address,
} from "./addresses.ts";
export { denoBackend } from "./backends/deno.ts";
export { createMemoryBackend } from "./backends/memory.ts";
export { Clock } from "./clock.ts";
export { install, reactor } from "./default.ts";
export type { DelayedCall, DelayedCallQueue } from "./delayed_call.ts";
export * from "./errors.ts";
export { ClientFactory, Factory, ServerFactory } from "./factory.ts";
export type * from "./interfaces.ts";
export { Protocol } from "./protocol.ts";
export { Reactor, type ReactorOptions, type RunOptions } from "./reactor.ts";
export { select, type Selectable } from "./select.ts";
export { Socket } from "./socket.ts";
export type { EventPhase, SystemEventTrigger } from "./system_events.ts";
export type { Connection } from "./tcp/connection.ts";
export type { ConnectTCPOptions } from "./tcp/connector.ts";
export type { ListenTCPOptions, Port } from "./tcp/port.ts";
