/**
 * What the measured programs use of Deno, on Node. Imported before them.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import process from "node:process";
import { Readable } from "node:stream";

Object.assign(globalThis, {
  Deno: {
    args: process.argv.slice(2),
    exit: (status: number) => process.exit(status),
    memoryUsage: () => process.memoryUsage(),
    readFileSync: (file: URL) => new Uint8Array(readFileSync(file)),
    stdin: { readable: Readable.toWeb(process.stdin) },
  },
});

/** Node 20 has none of its own. */
function withResolvers(): Record<string, unknown> {
  let settle = {};
  const promise = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

if (!("withResolvers" in Promise)) Object.assign(Promise, { withResolvers });
