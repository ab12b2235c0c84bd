/**
 * Client 1.0, broken: it blocks inside `doRead`. There is a reactor, and it is called
 * when there is something to read, but then it reads on until it has the whole poem. The
 * reactor gets no other turn until then, so that one poem comes after the other again.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10000 --num-bytes 30 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/fascination.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10002 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net clients/get-poetry-1-broken.ts 10000 10001 10002
 *
 * Its sockets are made to block: see ./shared/blocking_backend.ts.
 *
 * @module
 */

import {
  CONNECTION_DONE,
  ConnectionDone,
  ConnectionLost,
  type DescriptorStatus,
  type Failure,
  reactor,
  type ReadDescriptor,
  Socket,
} from "../mod.ts";
import { type Address, formatAddress } from "../cli/addresses.ts";
import { blockingBackend } from "./shared/blocking_backend.ts";
import { parseArguments } from "../cli/client_arguments.ts";
import { formatElapsed } from "../cli/elapsed.ts";
import { reasonOf } from "../cli/exit.ts";
import { byteLength } from "./shared/pieces.ts";

const ABOUT = `
This is the poetry client, version 1.0, broken: it has a reactor, and blocks. It gets
one poem after the other:

  deno run --allow-net clients/get-poetry-1-broken.ts 10000 10001 10002

A server for each of them has to be running; see server/slowpoetry.ts.
`;

/** One poem on its way, as a reader: what a reactor calls when there is something to read. */
export class PoetrySocket implements ReadDescriptor {
  /** What has come of the poem so far. */
  poem: Uint8Array[] = [];
  /** Whether it has come to its end. */
  finished = false;
  readonly taskNum: number;
  readonly address: Address;
  readonly socket: Socket;

  /** Has the reactor watch a socket that is connected. */
  constructor(taskNum: number, address: Address, socket: Socket) {
    this.taskNum = taskNum;
    this.address = address;
    this.socket = socket;
    reactor.addReader(this);
  }

  /** What the reactor asks for, to know which socket to watch. */
  fileno(): number {
    return this.socket.fileno();
  }

  /** The connection is over. The last one to end stops the reactor. */
  connectionLost(reason: Failure): void {
    this.socket.close();
    if (!reason.check(ConnectionDone)) {
      console.error(`Task ${this.taskNum}: ${reasonOf(reason.value)}`);
    }
    const unfinished = reactor.getReaders().some((reader) =>
      reader instanceof PoetrySocket
    );
    if (!unfinished) reactor.stop();
  }

  /** There is something to read. This reads all there will ever be: broken! */
  doRead(): DescriptorStatus {
    while (true) {
      try {
        // The next bytes are still on their way. Meanwhile, nobody has a turn.
        const piece = this.socket.recv(1024);
        if (piece.length === 0) break;
        this.poem.push(piece);
      } catch (error) {
        if (error instanceof ConnectionLost) return error;
        throw error;
      }
    }

    this.finished = true;
    const count = byteLength(this.poem);
    const server = formatAddress(this.address);
    console.log(
      `Task ${this.taskNum}: got ${count} bytes of poetry from ${server}`,
    );
    return CONNECTION_DONE;
  }

  /** Who this is, where the reactor has to tell of an error. */
  logPrefix(): string {
    return "poetry";
  }
}

async function connect(address: Address): Promise<Socket> {
  try {
    return await Socket.connect(address, blockingBackend);
  } catch (error) {
    console.error(`error: ${reasonOf(error)}`);
    Deno.exit(1);
  }
}

async function main() {
  const { addresses } = parseArguments(ABOUT);
  const begin = performance.now();

  const sockets: PoetrySocket[] = [];
  for (const [i, address] of addresses.entries()) {
    const socket = await connect(address);
    sockets.push(new PoetrySocket(i + 1, address, socket));
  }
  // A thread that is blocked doesn't hear Ctrl-C. So it is left to the system, which
  // ends the program on the spot.
  await reactor.run({ installSignalHandlers: false });

  const elapsed = formatElapsed(performance.now() - begin);
  for (const { taskNum, poem } of sockets) {
    console.log(`Task ${taskNum}: ${byteLength(poem)} bytes of poetry`);
  }
  const poems = sockets.filter((socket) => socket.finished);
  console.log(`Got ${poems.length} poems in ${elapsed}`);
  if (poems.length < addresses.length) Deno.exitCode = 1;
}

if (import.meta.main) await main();
