/**
 * All that `deno task bench` measures.
 *
 * @module
 */

import { deferScenarios } from "./defer_bench.ts";
import { familyScenarios } from "./family_bench.ts";
import { instrumentScenarios } from "./instrument_bench.ts";
import { memoryScenarios } from "./memory_bench.ts";
import { protocolScenarios } from "./protocol_bench.ts";
import { poetryScenarios } from "./poetry_bench.ts";
import { roundTripScenarios } from "./round_trip_bench.ts";
import type { Scenario } from "./scenario.ts";
import { serverScenarios } from "./servers_bench.ts";
import { startupScenarios } from "./startup_bench.ts";
import { streamScenarios } from "./stream_bench.ts";
import { timerScenarios } from "./timer_bench.ts";
import { tlsScenarios } from "./tls_bench.ts";

/** In the order of the table. */
export const SCENARIOS: Scenario[] = [
  ...deferScenarios,
  ...familyScenarios,
  ...poetryScenarios,
  ...roundTripScenarios,
  ...streamScenarios,
  ...tlsScenarios,
  ...protocolScenarios,
  ...memoryScenarios,
  ...serverScenarios,
  ...timerScenarios,
  ...instrumentScenarios,
  ...startupScenarios,
];
