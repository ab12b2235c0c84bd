import { nodeBackend } from "../../reactor/backends/node/backend.ts";
import { defineConformance } from "./conformance.ts";

// On Node itself the same tests are run by `deno task test:npm`.
defineConformance("node", () => nodeBackend, {
  isEmulated:
    "a socket that is ended before it is first resumed loses what comes, in Deno's node:net",
  noZones: "Deno's node:net cannot bind an address with a zone",
  losesUntaken: "Deno's node:net reads on, and drops what it has at an error",
});
