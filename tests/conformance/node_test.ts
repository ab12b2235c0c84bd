import { nodeBackend } from "../../reactor/backends/node.ts";
import { defineConformance } from "./conformance.ts";

// On Node itself the same tests are run by `deno task test:npm`.
defineConformance("node", () => nodeBackend);
