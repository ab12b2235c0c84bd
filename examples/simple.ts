/**
 * The smallest program of all: a reactor that runs and has nothing to do. It uses no CPU,
 * because it sleeps until something happens; here nothing ever does. Ctrl-C ends it.
 *
 *     deno run examples/simple.ts
 *
 * @module
 */

import { reactor } from "../mod.ts";

await reactor.run();
