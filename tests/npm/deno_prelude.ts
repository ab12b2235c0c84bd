/**
 * `Deno.test` on other runtimes, for the tests that run there as well. Imported
 * before the tests; `run_tests.ts` runs them.
 *
 * It also adds what the tests and their assertions use of JavaScript that came
 * after Node 20. The library uses nothing of that: its types are checked without.
 *
 * @module
 */

import * as fs from "node:fs";
import { tmpdir } from "node:os";
import process from "node:process";
import { inspect } from "node:util";

/** What a test gets, as far as it is used. */
export interface Context {
  step(name: string, fn: TestFunction): Promise<unknown>;
}

/** A test, or a step of one. */
export type TestFunction = (context: Context) => unknown;

/** A test that was defined. */
export interface Definition {
  name: string;
  fn: TestFunction;
  ignore?: boolean;
  /** How long it may take, in milliseconds. */
  timeout?: number;
}

/** Thrown where a test uses more of Deno than there is here. */
export class NeedsDeno extends Error {}

/** All tests that have been defined. */
export const definitions: Definition[] = [];

function define(first: string | Definition, fn: TestFunction = () => {}): void {
  definitions.push(typeof first === "string" ? { name: first, fn } : first);
}

/** What the tests do with files, as Deno calls it. */
const files = {
  makeTempDirSync: () => fs.mkdtempSync(`${tmpdir()}/`),
  mkdirSync: fs.mkdirSync,
  readDirSync: (path: string) => fs.readdirSync(path, { withFileTypes: true }),
  lstatSync(path: string) {
    const info = fs.lstatSync(path);
    return { mode: info.mode, isSocket: info.isSocket() };
  },
  readTextFileSync: (path: string) => fs.readFileSync(path, "utf8"),
  writeTextFileSync: fs.writeFileSync,
  utimeSync: fs.utimesSync,
  renameSync: fs.renameSync,
  removeSync: fs.rmSync,
};

/** All of Deno that there is: a test that uses more of it is skipped. */
const deno: Record<PropertyKey, unknown> = {
  test: define,
  args: [],
  noColor: true,
  pid: process.pid,
  // Where the library looks what it runs on.
  version: {},
  internal: undefined,
  ...files,
  // What an assertion needs to say why it failed: without it, it would count as
  // a test that needs Deno.
  inspect,
};

Object.assign(globalThis, {
  Deno: new Proxy(deno, {
    get(_, name) {
      if (name in deno) return deno[name];
      throw new NeedsDeno(`needs Deno.${String(name)}`);
    },
  }),
});

function provide(on: object, methods: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(methods)) {
    if (name in on) continue;
    Object.defineProperty(on, name, { value, writable: true });
  }
}

provide(Promise, {
  withResolvers() {
    let settle = {};
    const promise = new Promise((resolve, reject) => {
      settle = { resolve, reject };
    });
    return { promise, ...settle };
  },
});

provide(Set.prototype, {
  union(this: Set<unknown>, other: Set<unknown>) {
    return new Set([...this, ...other]);
  },
  symmetricDifference(this: Set<unknown>, other: Set<unknown>) {
    const all = new Set([...this, ...other]);
    return new Set([...all].filter((it) => this.has(it) !== other.has(it)));
  },
});
