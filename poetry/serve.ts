/**
 * What a poetry server under the reactor does around its protocol: it opens the port,
 * runs the reactor, and lets its clients finish when it is told to end.
 *
 * @module
 */

import {
  CancelledError,
  CannotListenError,
  type Deferred,
  type Port,
  reactor,
  TimeoutError,
} from "../mod.ts";
import { orExit, UsageError } from "./errors.ts";
import { requireNet } from "./permissions.ts";
import type { PoetryServerFactory } from "./poetry_server.ts";
import { runReactor } from "./run_reactor.ts";
import type { ServingValues } from "./serving_options.ts";
import { runWorker } from "./worker.ts";
import { serveWithWorkers } from "./workers.ts";

/** How many clients may wait to be let in. */
const BACKLOG = 511;

/** Serves the poem in a file until the program is told to end. */
export async function serve(
  factory: PoetryServerFactory,
  file: string,
  options: ServingValues,
): Promise<void> {
  if (options.workers > 1) return await serveWithWorkers(file, options);
  const port = orExit(() => openPort(factory, options));
  const { port: number } = port.getHost();
  let leaving: Deferred<void> | undefined;
  reactor.addSystemEventTrigger("before", "shutdown", () => {
    if (options.drain > 0) leaving = leave(port, factory, options.drain);
    return leaving;
  });
  if (options.worker !== undefined) return await runWorker(number);
  // When signals end it as they should, and not before.
  reactor.callWhenRunning(() => {
    console.log(`Serving ${file} on port ${number}.`);
  });
  await runReactor(() => leaving?.cancel());
}

function openPort(factory: PoetryServerFactory, options: ServingValues): Port {
  const { iface, port, worker } = options;
  requireNet({ hostname: iface, port });
  try {
    return reactor.listenTCP(port, factory, {
      interface: iface,
      backlog: BACKLOG,
      reusePort: worker !== undefined,
    });
  } catch (error) {
    if (!(error instanceof CannotListenError)) throw error;
    throw new UsageError(`${error.message}.`);
  }
}

/** Lets nobody in any more. Fires when those who are there have had their time. */
function leave(
  port: Port,
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
