/**
 * Factories that wrap other factories, and limit their connections.
 * @module
 */

export {
  LimitTotalConnectionsFactory,
  TimeoutFactory,
  type TimeoutFactoryOptions,
  TimeoutProtocol,
} from "./limits.ts";
export {
  ProtocolWrapper,
  type WrappableFactory,
  type WrapperKeeper,
  WrappingFactory,
} from "./wrapping.ts";
export {
  type BandwidthKeeper,
  ThrottlingFactory,
  type ThrottlingFactoryOptions,
  ThrottlingProtocol,
} from "./throttling.ts";
