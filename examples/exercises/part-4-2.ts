/**
 * Part 4, exercise 2: client 1.0, which gives a poem up that takes too long. Each task
 * asks the reactor to call it later, and takes that back if its poem comes in time.
 *
 *     deno run --allow-net examples/exercises/part-4-2.ts --timeout 5 10000 10001 10002
 *
 * @module
 */

import {
  CONNECTION_DONE,
  ConnectionDone,
  type DelayedCall,
  type DescriptorStatus,
  type Failure,
  reactor,
  type ReadDescriptor,
  Socket,
  WouldBlock,
} from "../../mod.ts";
import { parseArguments } from "../../cli/client_arguments.ts";
import { reasonOf } from "../../cli/exit.ts";
import { byteLength } from "../../clients/shared/pieces.ts";

const ABOUT = `
Client 1.0, which gives up on a poem that takes too long:

  deno run --allow-net examples/exercises/part-4-2.ts --timeout 5 10000 10001 10002
`;

class PoetrySocket implements ReadDescriptor {
  readonly poem: Uint8Array[] = [];
  finished = false;
  #timer: DelayedCall | undefined;

  readonly name: string;
  readonly socket: Socket;

  constructor(name: string, socket: Socket, timeout: number | undefined) {
    this.name = name;
    this.socket = socket;
    reactor.addReader(this);
    if (timeout !== undefined) {
      this.#timer = reactor.callLater(timeout, () => this.#giveUp(timeout));
    }
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
    this.#end(reason.check(ConnectionDone) ? "" : reasonOf(reason.value));
  }

  logPrefix() {
    return this.name;
  }

  /** The time is up: no longer is anybody to read this socket. */
  #giveUp(seconds: number) {
    reactor.removeReader(this);
    this.#end(`no whole poem in ${seconds} s`);
  }

  #end(complaint: string) {
    this.socket.close();
    if (this.#timer?.active()) this.#timer.cancel();
    // After Ctrl-C it is the reactor that ends connections: that is no news.
    if (!reactor.running) return;
    if (complaint !== "") console.error(`${this.name}: ${complaint}`);
    if (reactor.getReaders().length === 0) reactor.stop();
  }
}

async function main() {
  const { addresses, timeout } = parseArguments(ABOUT, { timeout: true });
  const sockets: PoetrySocket[] = [];
  for (const [i, address] of addresses.entries()) {
    const socket = await Socket.connect(address);
    sockets.push(new PoetrySocket(`Task ${i + 1}`, socket, timeout));
  }
  await reactor.run();

  for (const { name, poem } of sockets) {
    console.log(`${name}: ${byteLength(poem)} bytes of poetry`);
  }
  const poems = sockets.filter(({ finished }) => finished);
  console.log(`Got ${poems.length} of ${addresses.length} poems`);
  if (poems.length < addresses.length) Deno.exitCode = 1;
}

await main();
