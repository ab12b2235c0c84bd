/**
 * Taken at first use: the files are also loaded without Node.
 * @module
 */

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
 * Deno's takes 12 ms to be made.
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

/** Scripts read it without loading the backend. */
export const OLDEST_NODE = "20.19";

interface Versioned {
  readonly versions: { readonly node: string };
  /** Missing before 20.16, and from 21.0 to 22.2. */
  readonly getBuiltinModule?: unknown;
}

/** @throws {Error} if Node is too old */
export function checkNodeVersion(process: Versioned): void {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const isOld = major < 20 || major === 20 && minor < 19;
  if (!isOld && process.getBuiltinModule !== undefined) return;
  throw new Error(
    `Deferno needs Node.js ${OLDEST_NODE} or newer, of 22 at least 22.3: this is ${node}`,
  );
}
