/**
 * Runs the reactor of a server until a signal ends it.
 *
 * @module
 */

import { reactor } from "../../mod.ts";

/**
 * Runs the reactor until the first SIGINT or SIGTERM. Another one calls `forceQuit`, to
 * end what the shutdown waits for.
 */
export async function runReactor(forceQuit: () => void): Promise<void> {
  let isStopping = false;
  reactor.addSystemEventTrigger("before", "shutdown", () => {
    isStopping = true;
  });
  const onSignal = () => {
    if (isStopping) return forceQuit();
    isStopping = true;
    reactor.stop();
  };
  const forget = reactor.backend.onSignal(
    ["SIGINT", "SIGTERM"],
    () => reactor.callFromThread(onSignal),
  );
  try {
    await reactor.run({ installSignalHandlers: false });
  } finally {
    forget();
  }
}
