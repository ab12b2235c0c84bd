/**
 * Part 4, exercise 1: client 1.0, which survives a server that cannot be reached. It
 * catches the error where the connection is made, and gets the other poems.
 *
 *     deno run --allow-net examples/exercises/part-4-1.ts 10000 10001 10002
 *
 * Start a server for two of the three ports, and see what comes of the third.
 *
 * @module
 */

import {
  CONNECTION_DONE,
  ConnectionDone,
  type DescriptorStatus,
  type Failure,
  reactor,
  type ReadDescriptor,
  Socket,
  WouldBlock,
} from "../../mod.ts";
import { type Address, formatAddress } from "../../cli/addresses.ts";
import { parseArguments } from "../../cli/client_arguments.ts";
import { reasonOf } from "../../cli/exit.ts";
import { byteLength } from "../../clients/shared/pieces.ts";

const ABOUT = `
Client 1.0, which survives a connection that is refused:

  deno run --allow-net examples/exercises/part-4-1.ts 10000 10001 10002
`;

class PoetrySocket implements ReadDescriptor {
  readonly poem: Uint8Array[] = [];
  finished = false;

  readonly name: string;
  readonly socket: Socket;

  constructor(name: string, socket: Socket) {
    this.name = name;
    this.socket = socket;
    reactor.addReader(this);
  }

  fileno() {
    return this.socket.fileno();
  }

  doRead(): DescriptorStatus {
    try {
      const piece = this.socket.recv(1024);
      if (piece.length > 0) {
        this.poem.push(piece);
        return;
      }
    } catch (error) {
      if (error instanceof WouldBlock) return;
      throw error;
    }
    this.finished = true;
    console.log(`${this.name} finished`);
    return CONNECTION_DONE;
  }

  connectionLost(reason: Failure) {
    this.socket.close();
    // After Ctrl-C it is the reactor that ends connections: that is no news.
    if (!reactor.running) return;
    if (!reason.check(ConnectionDone)) {
      console.error(`${this.name}: ${reasonOf(reason.value)}`);
    }
    if (reactor.getReaders().length === 0) reactor.stop();
  }

  logPrefix() {
    return this.name;
  }
}

/** The exercise: a connection that cannot be made is the matter of one task alone. */
async function connect(
  name: string,
  address: Address,
): Promise<PoetrySocket | undefined> {
  try {
    return new PoetrySocket(name, await Socket.connect(address));
  } catch (error) {
    const server = formatAddress(address);
    console.error(`${name}: no poetry from ${server}: ${reasonOf(error)}`);
  }
}

async function main() {
  const { addresses } = parseArguments(ABOUT);
  const sockets: PoetrySocket[] = [];
  for (const [i, address] of addresses.entries()) {
    const socket = await connect(`Task ${i + 1}`, address);
    if (socket !== undefined) sockets.push(socket);
  }
  // Without a reader there would be nobody to stop the reactor.
  if (sockets.length > 0) await reactor.run();

  for (const { name, poem } of sockets) {
    console.log(`${name}: ${byteLength(poem)} bytes of poetry`);
  }
  const poems = sockets.filter(({ finished }) => finished);
  console.log(`Got ${poems.length} of ${addresses.length} poems`);
  if (poems.length < addresses.length) Deno.exitCode = 1;
}

await main();
