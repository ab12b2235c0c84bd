/**
 * Instruments: what a running reactor does, seen from outside.
 * @module
 */

export { Census, type CensusNumbers, type Lateness } from "./census.ts";
export { SlowCall, SlowCalls, type SlowCallsOptions } from "./slow_calls.ts";
export {
  type Trace,
  type TraceEvent,
  TraceRecorder,
} from "./trace_recorder.ts";
