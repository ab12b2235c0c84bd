import { createMemoryBackend } from "../../mod.ts";
import { defineConformance } from "./conformance.ts";

defineConformance("memory", createMemoryBackend, {
  noBindAddress: "whoever connects in memory has no address of its own",
  noNames: "in memory every name leads to the same place",
  noLocalAddresses: "in memory any address can be listened on",
});
