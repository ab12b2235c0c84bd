/**
 * The asynchronous client: it gets all poems at once. A loop of its own waits until any
 * of the sockets has something to read, takes what is there, and waits again. It never
 * waits for one socket alone, so three poems take as long as the slowest of them.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10000 --num-bytes 30 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/fascination.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10002 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net clients/get-poetry-async.ts 10000 10001 10002
 *
 * @module
 */

import { select, Socket, WouldBlock } from "../mod.ts";
import { type Address, formatAddress } from "../cli/addresses.ts";
import { parseArguments } from "../cli/client_arguments.ts";
import { formatElapsed } from "../cli/elapsed.ts";
import { reasonOf } from "../cli/exit.ts";
import { byteLength } from "./shared/pieces.ts";

const ABOUT = `
This is the poetry client that is asynchronous, with a loop of its own. It gets all
poems at once:

  deno run --allow-net clients/get-poetry-async.ts 10000 10001 10002

A server for each of them has to be running; see server/slowpoetry.ts.
`;

/** One poem on its way. */
class Task {
  /** What has come of it so far. */
  poem: Uint8Array[] = [];
  /** Whether it has come to its end. */
  finished = false;
  readonly taskNum: number;
  readonly address: Address;
  readonly socket: Socket;

  constructor(taskNum: number, address: Address, socket: Socket) {
    this.taskNum = taskNum;
    this.address = address;
    this.socket = socket;
  }

  /** What `select` asks for, to know which socket to watch. */
  fileno(): number {
    return this.socket.fileno();
  }
}

/** Takes all that has arrived on a socket: nothing at all means that this is the end. */
function receive(socket: Socket): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  while (true) {
    try {
      const piece = socket.recv(1024);
      if (piece.length === 0) return pieces;
      pieces.push(piece);
    } catch (error) {
      // The next bytes are still on their way. Meanwhile, others have their turn.
      if (error instanceof WouldBlock) return pieces;
      throw error;
    }
  }
}

/** Takes what there is of one poem. Returns whether more of it is to come. */
function readPoetry(task: Task): boolean {
  const { taskNum, address, socket, poem } = task;
  try {
    const pieces = receive(socket);
    if (pieces.length > 0) {
      const count = byteLength(pieces);
      const server = formatAddress(address);
      console.log(
        `Task ${taskNum}: got ${count} bytes of poetry from ${server}`,
      );
      poem.push(...pieces);
      return true;
    }
    task.finished = true;
    console.log(`Task ${taskNum} finished`);
  } catch (error) {
    console.error(`Task ${taskNum}: ${reasonOf(error)}`);
  }
  socket.close();
  return false;
}

async function getPoetry(tasks: Task[]) {
  const unfinished = new Set(tasks);
  // This loop is what a reactor is: it waits until something happens, sees to it, and
  // waits again.
  while (unfinished.size > 0) {
    const [readable] = await select(unfinished, []);
    for (const task of readable) {
      if (!readPoetry(task)) unfinished.delete(task);
    }
  }
}

async function connect(addresses: Address[]): Promise<Task[]> {
  const tasks: Task[] = [];
  for (const [i, address] of addresses.entries()) {
    try {
      tasks.push(new Task(i + 1, address, await Socket.connect(address)));
    } catch (error) {
      console.error(`Task ${i + 1}: ${reasonOf(error)}`);
    }
  }
  return tasks;
}

async function main() {
  const { addresses } = parseArguments(ABOUT);
  const begin = performance.now();

  const tasks = await connect(addresses);
  await getPoetry(tasks);

  const elapsed = formatElapsed(performance.now() - begin);
  for (const { taskNum, poem } of tasks) {
    console.log(`Task ${taskNum}: ${byteLength(poem)} bytes of poetry`);
  }
  const poems = tasks.filter((task) => task.finished);
  console.log(`Got ${poems.length} poems in ${elapsed}`);
  if (poems.length < addresses.length) Deno.exitCode = 1;
}

if (import.meta.main) await main();
