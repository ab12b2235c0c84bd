/**
 * A worker: it prints its port on stderr, and ends when its stdin is closed. So it ends
 * with its parent, even if that is killed.
 *
 * @module
 */

import { type Address, type Port, reactor, UNIXAddress } from "../../mod.ts";

export async function runWorker(port: Port<Address>): Promise<void> {
  const address = port.getHost();
  // Ctrl-C and service managers signal the whole group. The workers obey the parent alone.
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {});
  }
  console.error(address instanceof UNIXAddress ? address.name : address.port);
  reactor.callWhenRunning(async () => {
    for await (const _ of Deno.stdin.readable) { /* and wait for its end */ }
    reactor.stop();
  });
  await reactor.run({ installSignalHandlers: false });
  // The signal listeners would keep the process alive.
  Deno.exit();
}
