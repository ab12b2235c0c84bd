import { denoBackend } from "../../mod.ts";
import { defineConformance } from "./conformance.ts";

defineConformance("deno", () => denoBackend, {
  noReset: "Deno closes connections, and has no way to reset one",
  noBindAddress: "Deno.connect takes no local address",
});
