import {
  type Backend,
  createMemoryBackend,
  runtimeBackend,
} from "../../mod.ts";
import { defineConformance } from "./conformance.ts";

// TLS goes over anything: in memory over that of the runtime.
function makeBackend(): Backend {
  const { prepareTLS } = runtimeBackend;
  return { ...createMemoryBackend(), prepareTLS };
}

defineConformance("memory", makeBackend, {
  noBindAddress: "whoever connects in memory has no address of its own",
  noNames: "in memory every name leads to the same place",
  noZones: "in memory any address is the same place",
  losesUntaken: "what a peer has not read when it is reset is gone",
  noLocalAddresses: "in memory any address can be listened on",
  noFiles: "in memory the path of a UNIX socket is only a name",
});
