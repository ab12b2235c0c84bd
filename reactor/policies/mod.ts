/**
 * Factories that wrap other factories, and limit their connections.
 * @module
 */

export { LimitTotalConnectionsFactory } from "./limit_total_connections_factory.ts";
export { ProtocolWrapper, type WrapperKeeper } from "./protocol_wrapper.ts";
export {
  ThrottlingFactory,
  type ThrottlingFactoryOptions,
} from "./throttling_factory.ts";
export {
  type BandwidthKeeper,
  ThrottlingProtocol,
} from "./throttling_protocol.ts";
export {
  TimeoutFactory,
  type TimeoutFactoryOptions,
  TimeoutProtocol,
} from "./timeout_factory.ts";
export { type WrappableFactory, WrappingFactory } from "./wrapping_factory.ts";
