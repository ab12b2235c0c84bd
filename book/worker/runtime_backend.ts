/**
 * The backend of the runtime, in a page: it stands in the place of
 * reactor/backends/runtime.ts there.
 *
 * @module
 */

import type { Backend } from "../../mod.ts";
import { get } from "./current.ts";

/** The network of the page. */
export function findBackend(): Backend {
  return get().backend;
}

/** The same, for what is set up before there is one. */
export const runtimeBackend: Backend = new Proxy({} as Backend, {
  get: (_, name) => Reflect.get(findBackend(), name),
});
