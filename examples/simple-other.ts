/**
 * simple.ts with another reactor underneath: what opens connections is a backend, and it
 * can be chosen until the reactor is first used. This one connects within the process
 * alone. It hears of no signals either, so it is Deno that ends the program on Ctrl-C.
 *
 *     deno run examples/simple-other.ts
 *
 * @module
 */

import { createMemoryBackend, install, reactor } from "../mod.ts";

install(createMemoryBackend());

await reactor.run();
