import { denoBackend } from "../../reactor/backends/deno/backend.ts";
import { nodeBackend } from "../../reactor/backends/node/backend.ts";
import { defineConformance } from "./conformance.ts";

defineConformance("deno", () => denoBackend, {
  noReset: "Deno closes connections, and has no way to reset one",
  breakable: nodeBackend,
  noBindAddress: "Deno.connect takes no local address",
});
