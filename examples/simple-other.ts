/**
 * hello.ts with another reactor underneath: what opens connections is a backend, and it
 * can be chosen until the reactor is first used. This one is made for Node, and works on
 * Deno as well, network included.
 *
 *     deno run examples/simple-other.ts
 *
 * @module
 */

import { install } from "../mod.ts";
import { nodeBackend } from "../reactor/backends/node/backend.ts";

install(nodeBackend);
console.log(`The backend is ${nodeBackend.name}.`);

// Later than the imports above, which come first wherever they stand.
await import("./hello.ts");
