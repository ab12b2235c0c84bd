/**
 * Runs a poetry server under the reactor: opens the port, runs the reactor, and drains
 * the connections at the end.
 *
 * @module
 */

import {
  type Address,
  CancelledError,
  type Deferred,
  type Port,
  reactor,
  TimeoutError,
  UNIXAddress,
} from "../../mod.ts";
import { exitOnUsageError, exitWith } from "../../cli/exit.ts";
import type { PoetryServerFactory } from "./poetry_server.ts";
import { runReactor } from "./run_reactor.ts";
import { endpointOf } from "./serving_endpoint.ts";
import type { ServingValues } from "./serving_options.ts";
import { runWorker } from "../workers/worker.ts";
import { serveWithWorkers } from "../workers/worker_pool.ts";

/** Serves the poem in a file until a signal ends the program. */
export async function serve(
  factory: PoetryServerFactory,
  file: string,
  options: ServingValues,
): Promise<void> {
  const { workers, worker } = options;
  if (workers > 1) return await serveWithWorkers(file, options);
  if (worker !== undefined) {
    factory.log = (line) => console.log(`Worker ${worker}: ${line}`);
  }
  const port = await openPort(factory, options);
  let draining: Deferred<void> | undefined;
  reactor.addSystemEventTrigger("before", "shutdown", () => {
    if (options.drain > 0) draining = drain(port, factory, options.drain);
    return draining;
  });
  if (worker !== undefined) return await runWorker(port);
  // Printed once signals are handled: whoever reads the line may send one.
  reactor.callWhenRunning(() => {
    console.log(`Serving ${file} on ${nameOf(port.getHost())}.`);
  });
  await runReactor(() => draining?.cancel());
}

async function openPort(
  factory: PoetryServerFactory,
  options: ServingValues,
): Promise<Port<Address>> {
  const endpoint = exitOnUsageError(() => endpointOf(options));
  try {
    return await endpoint.listen(factory);
  } catch (error) {
    exitWith(`${(error as Error).message}.`);
  }
}

function nameOf(address: Address): string {
  return address instanceof UNIXAddress
    ? `unix:${address.name}`
    : `port ${address.port}`;
}

/** Closes the port. Fires when the last client has gone, or the time is over. */
function drain(
  port: Port<Address>,
  factory: PoetryServerFactory,
  seconds: number,
): Deferred<void> {
  return port.stopListening()
    .addCallback(() => {
      const { connectionCount: count } = factory;
      if (count > 0) {
        const clients = count === 1 ? "1 client" : `${count} clients`;
        factory.log(`Draining: ${clients}, at most ${seconds} s.`);
      }
      return factory.whenEmpty().addTimeout(seconds, reactor);
    })
    .addErrback((failure) => {
      failure.trap(TimeoutError, CancelledError);
    });
}
