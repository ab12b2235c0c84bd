/**
 * Running the reactor of a server until somebody ends it.
 *
 * @module
 */

import { reactor } from "../../mod.ts";

/**
 * Runs the reactor until the first SIGINT or SIGTERM. What then holds the end up can be
 * told not to by another one: `hurry` is called.
 */
export async function runReactor(hurry: () => void): Promise<void> {
  let isStopping = false;
  reactor.addSystemEventTrigger("before", "shutdown", () => {
    isStopping = true;
  });
  const takeSignal = () => {
    if (isStopping) return hurry();
    isStopping = true;
    reactor.stop();
  };
  const forget = reactor.backend.onSignal(
    ["SIGINT", "SIGTERM"],
    () => reactor.callFromThread(takeSignal),
  );
  try {
    await reactor.run({ installSignalHandlers: false });
  } finally {
    forget();
  }
}
