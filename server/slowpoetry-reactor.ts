/**
 * The slow poetry server under the reactor: it sends a poem a few bytes at a time, like
 * slowpoetry.ts, but to all clients at the same time. Nobody has to wait for anybody.
 *
 * Terminal 1:
 *
 *     deno run --allow-net --allow-read server/slowpoetry-reactor.ts --port 10000 poetry/ecstasy.txt
 *
 * Terminals 2 and 3:
 *
 *     nc 127.0.0.1 10000
 *
 * Both see the poem grow. Compare terminal 1 with what slowpoetry.ts shows there.
 *
 * With two processes that share the port, so that two cores serve:
 *
 *     deno run --allow-net --allow-read --allow-run --unstable-net server/slowpoetry-reactor.ts --port 10000 --workers 2 poetry/ecstasy.txt
 *
 * Ctrl-C ends the server. docs/servers.md goes on from here.
 *
 * @module
 */

import { type DelayedCall, reactor, type ReactorTime } from "../mod.ts";
import { delay, numBytes } from "../cli/options.ts";
import {
  nameOf,
  PoetryServerFactory,
  type PoetryServerOptions,
  PoetryServerProtocol,
} from "./shared/poetry_server.ts";
import { serve } from "./shared/serve.ts";
import { parseServerArguments } from "./shared/server_arguments.ts";
import { servingOptions } from "./shared/serving_options.ts";

const ABOUT = `
This is the slow poetry server under the reactor. It sends a poem to whoever
connects, a few bytes at a time, and to all clients at the same time:

  deno run --allow-net --allow-read server/slowpoetry-reactor.ts poetry/ecstasy.txt

It prints the port it listens on, which is where a client finds it. --workers
needs --allow-run and --unstable-net as well. The clients are divided among the
workers, and --max-clients is too. A worker that dies ends the server, with exit
status 1: whoever has started it can start it again.
`;

/** How slow the server is. */
export interface Pace {
  /** The bytes it sends at a time. */
  numBytes: number;
  /** The seconds it rests after sending them. */
  delay: number;
}

/**
 * One client. The transport asks for the next piece when it has got rid of the last one:
 * of a client that reads slower than this sends, no more than a piece is ever waiting.
 */
export class SlowPoetryProtocol extends PoetryServerProtocol {
  declare factory: SlowPoetryFactory;
  #sent = 0;
  /** The next piece, while this rests. */
  #next: DelayedCall | undefined;

  override connectionMade(): void {
    // This asks for the first piece.
    this.startProducing();
  }

  override bytesSent(): void {
    const { clock, pace } = this.factory;
    if (this.#sent === 0) this.#sendPiece();
    else this.#next = clock.callLater(pace.delay, () => this.#sendPiece());
  }

  override stopProducing(): void {
    if (this.#next?.active()) this.#next.cancel();
  }

  #sendPiece(): void {
    const { poem, pace, log } = this.factory;
    const piece = poem.subarray(this.#sent, this.#sent + pace.numBytes);
    this.#sent += piece.length;
    log(
      `Sending ${piece.length} bytes to ${nameOf(this.transport.getPeer())}`,
    );
    this.send(piece);
    if (this.#sent === poem.length) this.endOfPoem();
  }
}

/** What the clients share: the poem, and the pace at which they get it. */
export class SlowPoetryFactory extends PoetryServerFactory {
  override protocol = SlowPoetryProtocol;
  readonly pace: Pace;

  constructor(
    clock: ReactorTime,
    poem: Uint8Array,
    options: PoetryServerOptions & { pace: Pace },
  ) {
    super(clock, poem, options);
    this.pace = options.pace;
  }
}

async function main() {
  const { file, poem, options } = parseServerArguments(ABOUT, {
    ...servingOptions,
    delay,
    "num-bytes": numBytes,
  });
  const factory = new SlowPoetryFactory(reactor, poem, {
    pace: { numBytes: options["num-bytes"], delay: options.delay },
    maxClients: options["max-clients"],
    sendTimeout: options["send-timeout"],
  });
  await serve(factory, file, options);
}

if (import.meta.main) await main();
