/**
 * A server that runs without a terminal, of Part 16. Python's `twistd` puts a program in the
 * background, keeps its log and stops it. Today the system does that (systemd, a container),
 * and expects little: the program stays in the foreground, prints what happens, ends in order
 * on SIGTERM, and exits with another status than 0 where it can't start.
 *
 *     deno run --allow-net --allow-read examples/later/poetry-service.ts --port 10000 poetry/ecstasy.txt
 *
 * Everything that the reactor and this program have to say goes through the log, errors in a
 * protocol as well: an observer writes it, with the time.
 *
 * @module
 */

import {
  type Address,
  Factory,
  log,
  type LogEvent,
  Protocol,
  reactor,
} from "../../mod.ts";
import { iface, port } from "../../cli/options.ts";
import { parseServerArguments } from "../../server/shared/server_arguments.ts";
import { listen } from "./shared/listen.ts";

const ABOUT = `
This is the poetry server as a service. It prints a log, and ends on SIGTERM:

  deno run --allow-net --allow-read examples/later/poetry-service.ts poetry/ecstasy.txt
`;

/** A part of a program that is started and stopped with it. */
interface Service {
  startService(): void;
  stopService(): void;
}

class PoetryService implements Service {
  readonly poem: Uint8Array;
  served = 0;

  constructor(poem: Uint8Array) {
    this.poem = poem;
  }

  startService(): void {
    log.msg(`The poem has ${this.poem.length} bytes.`);
  }

  stopService(): void {
    log.msg(`The poem was served ${this.served} times.`);
  }
}

class PoetryProtocol extends Protocol {
  declare factory: PoetryFactory;

  override connectionMade(): void {
    const { service } = this.factory;
    this.transport.write(service.poem);
    this.transport.loseConnection();
    service.served++;
  }
}

class PoetryFactory extends Factory {
  override protocol = PoetryProtocol;
  readonly service: PoetryService;

  constructor(service: PoetryService) {
    super();
    this.service = service;
  }

  override buildProtocol(address: Address) {
    log.msg(`Somebody at ${address} wants poetry.`);
    return super.buildProtocol(address);
  }
}

/** Has the reactor start and stop a service with itself. */
function addService(service: Service) {
  reactor.callWhenRunning(() => service.startService());
  reactor.addSystemEventTrigger(
    "after",
    "shutdown",
    () => service.stopService(),
  );
}

function writeEvent({ level, text, failure }: LogEvent) {
  const traceback = failure === undefined ? "" : `\n${failure.getTraceback()}`;
  const time = new Date().toISOString();
  console.log(`${time} [${level}] ${text}${traceback.trimEnd()}`);
}

async function main() {
  const { file, poem, options } = parseServerArguments(ABOUT, { port, iface });
  log.addObserver(writeEvent);
  const service = new PoetryService(poem);
  addService(service);
  listen(new PoetryFactory(service), file, options, log.msg);
  await reactor.run();
}

if (import.meta.main) await main();
