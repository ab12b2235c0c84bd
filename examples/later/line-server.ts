/**
 * A server of lines: who sends a word gets the lines of the poem that have it, and a dot.
 * `LineReceiver` cuts what arrives into lines, however it comes. Two policies are put around
 * it, and the protocol knows neither: no more than a few clients, and none that stays silent.
 *
 * Terminal 1:
 *
 *     deno run --allow-net --allow-read examples/later/line-server.ts --port 10012 poetry/science.txt
 *
 * Terminal 2:
 *
 *     deno run --allow-net examples/later/get-lines.ts 10012 science wings
 *
 * Or ask it by hand, with `nc -C 127.0.0.1 10012`. Ctrl-C ends the server.
 *
 * @module
 */

import {
  LimitTotalConnectionsFactory,
  LineReceiver,
  Protocol,
  reactor,
  TimeoutFactory,
} from "../../mod.ts";
import { iface, maxClients, port, sendTimeout } from "../../cli/options.ts";
import { parseServerArguments } from "../../server/shared/server_arguments.ts";
import { listen } from "./shared/listen.ts";

const ABOUT = `
This is a server of lines. It answers a word with the lines of a poem that have it:

  deno run --allow-net --allow-read examples/later/line-server.ts --port 10012 poetry/science.txt
`;

const encoder = new TextEncoder();

class LineProtocol extends LineReceiver {
  declare factory: LineFactory;

  override lineReceived(word: Uint8Array): void {
    const wanted = new TextDecoder().decode(word).toLowerCase();
    for (const line of this.factory.lines) {
      if (!line.toLowerCase().includes(wanted)) continue;
      this.sendLine(encoder.encode(line));
    }
    this.sendLine(encoder.encode("."));
  }
}

/** For a client above the limit. */
class FullProtocol extends Protocol {
  override connectionMade(): void {
    this.transport.write(encoder.encode("Too many readers: try later.\r\n"));
    this.transport.loseConnection();
  }
}

class LineFactory extends LimitTotalConnectionsFactory {
  override protocol = LineProtocol;
  override overflowProtocol = FullProtocol;
  readonly lines: readonly string[];

  constructor(poem: Uint8Array, connectionLimit: number | undefined) {
    super();
    this.lines = new TextDecoder().decode(poem).trimEnd().split("\n");
    this.connectionLimit = connectionLimit;
  }
}

async function main() {
  const { file, poem, options } = parseServerArguments(ABOUT, {
    port,
    iface,
    "max-clients": { ...maxClients, default: 10 },
    timeout: {
      ...sendTimeout,
      help: "Lose a client that is silent so long. Default: 30.",
    },
  });
  const lines = new LineFactory(poem, options["max-clients"]);
  const factory = new TimeoutFactory(lines, {
    clock: reactor,
    timeoutPeriod: options.timeout,
  });
  listen(factory, `the lines of ${file}`, options);
  await reactor.run();
}

if (import.meta.main) await main();
