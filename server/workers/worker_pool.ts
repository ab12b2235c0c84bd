/**
 * A server of several processes: a parent, and workers that share one port. The parent
 * starts them, says when they are ready, and ends with them. Connections do not pass
 * through it.
 *
 * @module
 */

import { Deferred, reactor } from "../../mod.ts";
import type { Address } from "../../cli/addresses.ts";
import { BAD_USAGE, exitOnUsageError, UsageError } from "../../cli/exit.ts";
import { flagsFor, requireWorkers } from "../../cli/permissions.ts";
import { listen } from "../shared/listen.ts";
import { runReactor } from "../shared/run_reactor.ts";
import { sharedAddress } from "../shared/serving_endpoint.ts";
import type { ServingValues } from "../shared/serving_options.ts";
import { WorkerProcess } from "./worker_process.ts";

/** The time that a worker has to end, after that of `--drain`. */
const END_SECONDS = 5;

/** Serves the poem in a file with workers, until a signal ends the program. */
export async function serveWithWorkers(
  file: string,
  options: ServingValues,
): Promise<void> {
  const address = exitOnUsageError(() => addressFor(options));
  const pool = new WorkerPool(file, options, address);
  reactor.callWhenRunning(() => pool.start());
  reactor.addSystemEventTrigger(
    "before",
    "shutdown",
    () => Deferred.fromPromise(pool.end()),
  );
  await runReactor(() => pool.kill());
  Deno.exitCode = pool.status;
}

/** @throws {UsageError} if the workers cannot share a port */
function addressFor(options: ServingValues): Address {
  const { workers, "max-clients": maxClients } = options;
  if (maxClients !== undefined && maxClients < workers) {
    throw new UsageError(
      `Number of clients must be at least one for each of ${workers} workers: it is ${maxClients}.`,
    );
  }
  requireWorkers();
  const address = sharedAddress(options);
  // Fails if the port is in use: workers would share it with another server's.
  listen(address).close();
  return address;
}

class WorkerPool {
  status = 0;
  readonly #file: string;
  readonly #options: ServingValues;
  readonly #address: Address;
  #workers: WorkerProcess[] = [];
  #isEnding = false;

  constructor(file: string, options: ServingValues, address: Address) {
    this.#file = file;
    this.#options = options;
    this.#address = address;
  }

  /** Starts the first worker, which finds a port, and then the others on it. */
  async start(): Promise<void> {
    const { workers } = this.#options;
    const port = await this.#startWorker(1, this.#address.port);
    if (port === undefined) return;
    const others = Array.from({ length: workers - 1 }, (_, i) => i + 2);
    const ports = await Promise.all(
      others.map((number) => this.#startWorker(number, port)),
    );
    if (ports.includes(undefined)) return;
    console.log(
      `Serving ${this.#file} on port ${port} with ${workers} workers.`,
    );
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    const { drain } = this.#options;
    const limit = reactor.callLater(
      drain + END_SECONDS,
      () => this.kill(),
    );
    await Promise.all(this.#workers.map((worker) => worker.end()));
    if (limit.active()) limit.cancel();
  }

  kill(): void {
    for (const worker of this.#workers) worker.kill();
  }

  /** Starts a worker. Resolves with its port, or with undefined if it has ended. */
  async #startWorker(
    number: number,
    port: number,
  ): Promise<number | undefined> {
    if (this.#isEnding) return undefined;
    const options = {
      ...this.#options,
      worker: number,
      "shared-port": port,
    };
    const address = { ...this.#address, port };
    const worker = new WorkerProcess(
      commandLine(this.#file, options, address),
    );
    this.#workers.push(worker);
    worker.ended.then((status) => this.#hasEnded(number, status));
    return await worker.port;
  }

  /** Ends the server if a worker dies: a service manager can restart it. */
  #hasEnded(number: number, { code, signal }: Deno.CommandStatus): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.status = code === BAD_USAGE ? BAD_USAGE : 1;
    if (code !== BAD_USAGE) {
      const how = signal === null
        ? `has ended with exit status ${code}`
        : `was ended by ${signal}`;
      console.error(`error: Worker ${number} ${how}, and the server with it.`);
    }
    reactor.stop();
  }
}

/** The arguments of `deno` for a worker, with no more permissions than its parent. */
function commandLine(
  file: string,
  options: ServingValues,
  address: Address,
): string[] {
  const { listen, port, iface } = options;
  const place = listen === undefined ? { port, iface } : { listen };
  return [
    "run",
    "--quiet",
    "--unstable-net",
    ...flagsFor(address, file),
    Deno.mainModule,
    ...optionsOf({
      ...options,
      ...{ port: undefined, iface: undefined, ...place },
      workers: 1,
      "max-clients": shareOf(options),
    }),
    "--",
    file,
  ];
}

function optionsOf(values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `--${name}=${value}`);
}

/** The share of `--max-clients` of a worker: together they have as many. */
function shareOf(
  { "max-clients": maxClients, workers, worker = 1 }: ServingValues,
): number | undefined {
  if (maxClients === undefined) return undefined;
  return Math.floor((maxClients + workers - worker) / workers);
}
