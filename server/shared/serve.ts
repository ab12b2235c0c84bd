/**
 * What a poetry server under the reactor does around its protocol: it opens the port,
 * runs the reactor, and lets its clients finish when it is told to end.
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
import { orExitLater, UsageError } from "../../cli/usage_error.ts";
import type { PoetryServerFactory } from "./poetry_server.ts";
import { runReactor } from "./run_reactor.ts";
import { endpointOf } from "./serving_endpoint.ts";
import type { ServingValues } from "./serving_options.ts";
import { runWorker } from "../workers/worker.ts";
import { serveWithWorkers } from "../workers/worker_pool.ts";

/** Serves the poem in a file until the program is told to end. */
export async function serve(
  factory: PoetryServerFactory,
  file: string,
  options: ServingValues,
): Promise<void> {
  const { workers, worker } = options;
  if (workers > 1) return await serveWithWorkers(file, options);
  if (worker !== undefined) {
    factory.say = (line) => console.log(`Worker ${worker}: ${line}`);
  }
  const port = await orExitLater(() => openPort(factory, options));
  let leaving: Deferred<void> | undefined;
  reactor.addSystemEventTrigger("before", "shutdown", () => {
    if (options.drain > 0) leaving = leave(port, factory, options.drain);
    return leaving;
  });
  if (worker !== undefined) return await runWorker(port);
  // When signals end it as they should, and not before.
  reactor.callWhenRunning(() => {
    console.log(`Serving ${file} on ${nameOf(port.getHost())}.`);
  });
  await runReactor(() => leaving?.cancel());
}

function openPort(
  factory: PoetryServerFactory,
  options: ServingValues,
): Deferred<Port<Address>> {
  return endpointOf(options).listen(factory).addErrback((failure) => {
    throw new UsageError(`${failure.getErrorMessage()}.`);
  });
}

function nameOf(address: Address): string {
  return address instanceof UNIXAddress
    ? `unix:${address.name}`
    : `port ${address.port}`;
}

/** Lets nobody in any more. Fires when those who are there have had their time. */
function leave(
  port: Port<Address>,
  factory: PoetryServerFactory,
  seconds: number,
): Deferred<void> {
  return port.stopListening()
    .addCallback(() => {
      const { connectionCount } = factory;
      if (connectionCount > 0) {
        factory.say(
          `Nobody new. ${connectionCount} may stay for ${seconds} seconds.`,
        );
      }
      return factory.whenEmpty().addTimeout(seconds, reactor);
    })
    .addErrback((failure) => {
      failure.trap(TimeoutError, CancelledError);
    });
}
