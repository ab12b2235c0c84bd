/**
 * Node's modules, and its `process`, taken at first use: the files are also loaded
 * without Node.
 * @module
 */

import { checkNodeVersion } from "./version.ts";

type Process = typeof import("node:process");

interface Modules {
  "node:crypto": typeof import("node:crypto");
  "node:dns": typeof import("node:dns");
  "node:fs": typeof import("node:fs");
  "node:net": typeof import("node:net");
  "node:path": typeof import("node:path");
  "node:stream": typeof import("node:stream");
  "node:tls": typeof import("node:tls");
  "node:util": typeof import("node:util");
  "node:worker_threads": typeof import("node:worker_threads");
}

let checked: Process | undefined;

/**
 * Node's `process`; Deno's takes 12 ms to be made.
 * @throws {Error} where there is none, and on a Node too old
 */
export function nodeProcess(): Process {
  if (checked !== undefined) return checked;
  const process: Process | undefined = Reflect.get(globalThis, "process");
  if (process?.versions?.node === undefined) {
    throw new Error(
      "Cannot use nodeBackend: this is not Node.js. runtimeBackend is what there is here",
    );
  }
  checkNodeVersion(process);
  return checked = process;
}

export function runtimeName(): "Bun" | "Node.js" {
  return "bun" in nodeProcess().versions ? "Bun" : "Node.js";
}

export function builtin<Name extends keyof Modules>(name: Name): Modules[Name] {
  return nodeProcess().getBuiltinModule(name);
}
