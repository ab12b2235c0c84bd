/**
 * What `--timeout` does.
 *
 * @module
 */

import { reactor } from "../../mod.ts";

/**
 * Stops the reactor when so many seconds have passed, if it is still running. A client
 * without `--timeout` waits for ever.
 */
export function stopAfter(seconds: number | undefined): void {
  if (seconds === undefined) return;
  reactor.callLater(seconds, () => {
    console.error(`TimeoutError: not every poem came within ${seconds} s`);
    reactor.stop();
  });
}
