/**
 * Client 1.0, the first one with a reactor. The loop is gone: the reactor has it. The
 * client only says which sockets to watch, and is called when one of them has something
 * to read. It does so at the lowest level a reactor has, where a socket is a reader.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10000 --num-bytes 30 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/fascination.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10002 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net clients/get-poetry-1.ts 10000 10001 10002
 *
 * It crashes where a connection cannot be made, and all the poems are lost: connecting
 * is not the reactor's business here, and nobody catches the error. To see it, run it
 * without one of the servers. Client 2.0 knows better.
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
  WouldBlock,
} from "../mod.ts";
import { type Address, formatAddress } from "../cli/addresses.ts";
import { parseArguments } from "../cli/client_arguments.ts";
import { formatElapsed } from "../cli/elapsed.ts";
import { reasonOf } from "../cli/exit.ts";
import { byteLength } from "./shared/pieces.ts";

const ABOUT = `
This is the poetry client, version 1.0: the first one with a reactor. It gets all
poems at once:

  deno run --allow-net clients/get-poetry-1.ts 10000 10001 10002

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
    // Or else it is the reactor, stopped by Ctrl-C, that ends the connections.
    if (!reactor.running) return;
    const unfinished = reactor.getReaders().some((reader) =>
      reader instanceof PoetrySocket
    );
    if (!unfinished) reactor.stop();
  }

  /** There is something to read: a piece of the poem, or its end. */
  doRead(): DescriptorStatus {
    const pieces: Uint8Array[] = [];
    while (true) {
      try {
        const piece = this.socket.recv(1024);
        if (piece.length === 0) break;
        pieces.push(piece);
      } catch (error) {
        // The next bytes are still on their way. Meanwhile, others have their turn.
        if (error instanceof WouldBlock) break;
        if (error instanceof ConnectionLost) return error;
        throw error;
      }
    }

    if (pieces.length === 0) {
      this.finished = true;
      console.log(`Task ${this.taskNum} finished`);
      return CONNECTION_DONE;
    }
    const count = byteLength(pieces);
    const server = formatAddress(this.address);
    console.log(
      `Task ${this.taskNum}: got ${count} bytes of poetry from ${server}`,
    );
    this.poem.push(...pieces);
  }

  /** Who this is, where the reactor has to tell of an error. */
  logPrefix(): string {
    return "poetry";
  }
}

async function main() {
  const { addresses } = parseArguments(ABOUT);
  const begin = performance.now();

  const sockets: PoetrySocket[] = [];
  for (const [i, address] of addresses.entries()) {
    const socket = await Socket.connect(address);
    sockets.push(new PoetrySocket(i + 1, address, socket));
  }
  await reactor.run();

  const elapsed = formatElapsed(performance.now() - begin);
  for (const { taskNum, poem } of sockets) {
    console.log(`Task ${taskNum}: ${byteLength(poem)} bytes of poetry`);
  }
  const poems = sockets.filter((socket) => socket.finished);
  console.log(`Got ${poems.length} poems in ${elapsed}`);
  if (poems.length < addresses.length) Deno.exitCode = 1;
}

if (import.meta.main) await main();
