/**
 * A worker's side of what it has with its parent: it tells its port on stderr, and it
 * lives as long as its stdin is open. So it ends with its parent, however that ends.
 *
 * @module
 */

import { type Address, type Port, reactor, UNIXAddress } from "../../mod.ts";

/** Runs the reactor of a worker until its parent lets it go. */
export async function runWorker(port: Port<Address>): Promise<void> {
  const address = port.getHost();
  // Ctrl-C, and some who end services, tell every process. The parent tells the workers.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {});
  }
  console.error(address instanceof UNIXAddress ? address.name : address.port);
  reactor.callWhenRunning(async () => {
    for await (const _ of Deno.stdin.readable) { /* and wait for its end */ }
    reactor.stop();
  });
  await reactor.run({ installSignalHandlers: false });
  // The signals would keep the program alive.
  Deno.exit();
}
