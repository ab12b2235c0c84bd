/**
 * Gets a poem with a client's `PoetrySocket`, and has the reactor call a timer while the
 * poem is being read. Prints in which order things happen.
 *
 *     deno run --allow-net tests/clients/timer_while_reading.ts 1-broken 10000
 *
 * @module
 */

import * as broken from "../../clients/get-poetry-1-broken.ts";
import * as working from "../../clients/get-poetry-1.ts";
import { type DelayedCall, reactor, Socket } from "../../mod.ts";
import { blockingBackend } from "../../clients/shared/blocking_backend.ts";

/** Far less than what the server lets pass between the two halves of its poem. */
const DELAY = 0.01;

const [version, port] = Deno.args;
const address = { hostname: "127.0.0.1", port: Number(port) };

const poetrySocket = version === "1-broken"
  ? new broken.PoetrySocket(
    1,
    address,
    await Socket.connect(address, blockingBackend),
  )
  : new working.PoetrySocket(1, address, await Socket.connect(address));

let timer: DelayedCall | undefined;
const doRead = poetrySocket.doRead.bind(poetrySocket);

poetrySocket.doRead = () => {
  timer ??= reactor.callLater(DELAY, () => console.log("The timer fires"));
  console.log("doRead begins");
  const status = doRead();
  if (timer.active() && timer.getTime() <= reactor.seconds()) {
    console.log("The timer is overdue");
  }
  return status;
};

await reactor.run();
