/**
 * The backend for Node, in a page: it stands in the place of
 * reactor/backends/node/backend.ts there.
 *
 * @module
 */

import type { Backend } from "../../mod.ts";
import { findBackend } from "./runtime_backend.ts";

/** The network of the page, under Node's name. */
export const nodeBackend: Backend = new Proxy({} as Backend, {
  get: (_, name) => name === "name" ? "node" : Reflect.get(findBackend(), name),
});
