/**
 * A server that consists of several processes: a parent, and workers that share one
 * port. The parent starts them, tells when they are ready, and ends with them; it serves
 * nobody itself, and nothing that they do passes through it.
 *
 * @module
 */

import { Deferred, reactor } from "../../mod.ts";
import { type Address, formatAddress } from "../../cli/addresses.ts";
import {
  exitOnUsageError,
  reasonOf,
  UsageError,
} from "../../cli/usage_error.ts";
import { flagsFor, requireWorkers } from "../../cli/permissions.ts";
import { program } from "../../poetry/program.ts";
import { runReactor } from "../shared/run_reactor.ts";
import { sharedAddress } from "../shared/serving_endpoint.ts";
import type { ServingValues } from "../shared/serving_options.ts";
import { WorkerProcess } from "./worker_process.ts";

/** How long a worker may take to end, beyond what its clients are given. */
const PATIENCE_SECONDS = 5;

/** The exit status of a worker that has told the user what is wrong. */
const BAD_USAGE = 2;

/** Serves the poem in a file with workers, until the program is told to end. */
export async function serveWithWorkers(
  file: string,
  options: ServingValues,
): Promise<void> {
  const address = exitOnUsageError(() => addressFor(options));
  const crew = new WorkerPool(file, options, address);
  reactor.callWhenRunning(() => crew.start());
  reactor.addSystemEventTrigger(
    "before",
    "shutdown",
    () => Deferred.fromPromise(crew.end()),
  );
  await runReactor(() => crew.kill());
  program.exitCode = crew.status;
}

/**
 * The address that the workers are going to share. Throws a {@linkcode UsageError} where
 * there can be no workers.
 */
function addressFor(options: ServingValues): Address {
  const { workers, "max-clients": maxClients } = options;
  if (maxClients !== undefined && maxClients < workers) {
    throw new UsageError(
      `Number of clients must be at least one for each of ${workers} workers: it is ${maxClients}.`,
    );
  }
  requireWorkers();
  const address = sharedAddress(options);
  try {
    // The workers would share it with any other server that shares its port.
    Deno.listen(address).close();
  } catch (error) {
    throw new UsageError(
      `Cannot listen on ${formatAddress(address)}: ${reasonOf(error)}.`,
    );
  }
  return address;
}

/** The workers. */
class WorkerPool {
  /** The exit status of the whole server. */
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

  /** Starts them: the first one finds a port, and the others share it. */
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

  /** Has them end, and waits until they have. */
  async end(): Promise<void> {
    this.#isEnding = true;
    const { drain } = this.#options;
    const limit = reactor.callLater(
      drain + PATIENCE_SECONDS,
      () => this.kill(),
    );
    await Promise.all(this.#workers.map((worker) => worker.end()));
    if (limit.active()) limit.cancel();
  }

  /** Ends them at once. */
  kill(): void {
    for (const worker of this.#workers) worker.kill();
  }

  /** Starts a worker, and gives its port once it listens; none, if it has ended. */
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

  /** Where one is missing the server ends: whoever has started it can start it again. */
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

/** What is typed behind `deno` for a worker, which may do no more than its parent. */
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

/** How many of the clients a worker may have: together they have no more than that. */
function shareOf(
  { "max-clients": maxClients, workers, worker = 1 }: ServingValues,
): number | undefined {
  if (maxClients === undefined) return undefined;
  return Math.floor((maxClients + workers - worker) / workers);
}
