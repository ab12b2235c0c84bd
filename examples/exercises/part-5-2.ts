/**
 * Part 5, exercise 2: who calls `connectionLost`. Client 2.0, which prints the stack when a
 * connection is over. Run it twice: let the poem come to its end, and press Ctrl-C in the
 * middle of it. The two stacks begin in different places.
 *
 *     deno run --allow-net examples/exercises/part-5-2.ts 10000
 *
 * @module
 */

import {
  ClientFactory,
  type Connector,
  type Failure,
  Protocol,
  reactor,
} from "../../mod.ts";
import { parseArguments } from "../../cli/client_arguments.ts";

const ABOUT = `
Client 2.0, which prints who called connectionLost:

  deno run --allow-net examples/exercises/part-5-2.ts 10000
`;

class PoetryProtocol extends Protocol {
  override connectionMade() {
    console.log("Connected.");
  }

  override connectionLost(reason: Failure) {
    // All of it: V8 would leave out what is below the first ten calls.
    Error.stackTraceLimit = Infinity;
    console.log(reason.getErrorMessage());
    console.log(new Error("The stack when the connection is lost:").stack);
    if (reactor.running) reactor.stop();
  }
}

class PoetryClientFactory extends ClientFactory {
  override protocol = PoetryProtocol;

  override clientConnectionFailed(_connector: Connector, reason: Failure) {
    // After Ctrl-C it is the reactor that ends attempts: that is no news.
    if (!reactor.running) return;
    console.error(`No connection: ${reason.getErrorMessage()}`);
    Deno.exitCode = 1;
    reactor.stop();
  }
}

async function main() {
  const { addresses } = parseArguments(ABOUT);
  for (const { hostname, port } of addresses) {
    reactor.connectTCP(hostname, port, new PoetryClientFactory());
  }
  await reactor.run();
}

await main();
