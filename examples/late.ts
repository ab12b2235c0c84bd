/**
 * A callback that takes too long. Another call is due meanwhile, and is late: the loop
 * cannot make it before the callback returns.
 *
 *     deno run examples/late.ts
 *
 * @module
 */

import { reactor } from "../mod.ts";
import "./shared/output.ts";

const DUE = 0.1;
const BUSY = 0.5;

function work() {
  const start = reactor.seconds();
  reactor.callLater(DUE, alarm, start);
  console.log(`An alarm is set for ${DUE} s from now.`);
  while (reactor.seconds() - start < BUSY) { /* A long computation. */ }
  console.log(`The work took ${BUSY} s.`);
}

function alarm(start: number) {
  const passed = reactor.seconds() - start;
  console.log(`The alarm came after ${passed.toFixed(1)} s.`);
  reactor.stop();
}

reactor.callWhenRunning(work);
await reactor.run();
