/**
 * What Deno's backend does where there is no Deno, which Deno does not take for a test.
 *
 * @module
 */

import { assertThrows } from "@std/assert";
import { denoBackend } from "../../reactor/backends/deno/backend.ts";

Deno.test("Deno's backend is refused at the call elsewhere, and what there is named", () => {
  const why =
    "Cannot use denoBackend: this is not Deno. runtimeBackend is what there is here";
  const address = { hostname: "127.0.0.1", port: 1 };
  const listening = { ...address, backlog: 1, reusePort: false };
  assertThrows(() => denoBackend.connect(address, () => {}), Error, why);
  assertThrows(() => denoBackend.listen(listening), Error, why);
  assertThrows(() => denoBackend.onSignal([], () => {}), Error, why);
  const path = "/tmp/poetry.socket";
  const unix = { path, backlog: 1, mode: 0o666, lock: false };
  assertThrows(() => denoBackend.listenPath?.(unix), Error, why);
  const to = { path, mustBeLocked: false };
  assertThrows(() => denoBackend.connectPath?.(to, () => {}), Error, why);
  const tls = { side: "client", tls: { hostname: "localhost" } } as const;
  assertThrows(() => denoBackend.prepareTLS?.(tls), Error, why);
  assertThrows(() => denoBackend.lookup?.("localhost", () => {}), Error, why);
  assertThrows(() => denoBackend.readTextFile?.("poem.txt"), Error, why);
  assertThrows(() => denoBackend.listFolder?.("."), Error, why);
});
