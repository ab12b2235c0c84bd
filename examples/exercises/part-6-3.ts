/**
 * Part 6, exercise 3: `clientConnectionFailed` is called after `getPoetry` has returned.
 *
 *     deno run --allow-net examples/exercises/part-6-3.ts 10003
 *
 * Nobody may listen on that port.
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
import type { Address } from "../../cli/addresses.ts";
import { parseArguments } from "../../cli/client_arguments.ts";

const ABOUT = `
Shows when clientConnectionFailed is called:

  deno run --allow-net examples/exercises/part-6-3.ts 10003
`;

class PoetryClientFactory extends ClientFactory {
  override protocol = Protocol;

  override clientConnectionFailed(_connector: Connector, reason: Failure) {
    console.log(`clientConnectionFailed: ${reason.getErrorMessage()}`);
    reactor.stop();
  }
}

function getPoetry({ hostname, port }: Address) {
  reactor.connectTCP(hostname, port, new PoetryClientFactory());
  console.log("getPoetry returns");
}

const { addresses: [address] } = parseArguments(ABOUT);
if (address !== undefined) {
  console.log("main calls getPoetry");
  getPoetry(address);
  console.log("main runs the reactor");
  await reactor.run();
}
