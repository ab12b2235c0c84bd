/**
 * `Deno.test` on Node, for the tests that run on both: Node's own test runner
 * stands behind it. Imported before the tests.
 *
 * It also adds what the tests and their assertions use of JavaScript that came
 * after Node 20. The library uses nothing of that: its types are checked without.
 *
 * @module
 */

import * as fs from "node:fs";
import { tmpdir } from "node:os";
import process from "node:process";
import { test, type TestContext } from "node:test";
import { inspect } from "node:util";
import { TEST_SECONDS } from "../support/time_limit.ts";

/** What a test gets, as far as it is used. */
interface Context {
  step(name: string, fn: TestFunction): Promise<unknown>;
}

type TestFunction = (context: Context) => unknown;

interface Definition {
  name: string;
  fn: TestFunction;
  ignore?: boolean;
  /** How long it may take, in milliseconds. */
  timeout?: number;
}

/** Thrown where a test uses more of Deno than there is on Node. */
class NeedsDeno extends Error {}

function adapt(fn: TestFunction): (context: TestContext) => Promise<void> {
  return async (context) => {
    try {
      await fn({ step: (name, fn) => context.test(name, adapt(fn)) });
    } catch (error) {
      if (!(error instanceof NeedsDeno)) throw error;
      context.skip(error.message);
    }
  };
}

function define(first: string | Definition, fn?: TestFunction): void {
  const definition: Definition = typeof first === "string"
    ? { name: first, fn: fn ?? (() => {}) }
    : first;
  const { name, ignore: skip = false } = definition;
  const { timeout = TEST_SECONDS * 1000 } = definition;
  test(name, { skip, timeout }, adapt(definition.fn));
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

/** All of Deno that there is on Node: a test that uses more of it is skipped. */
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

/** Defines what is missing. */
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
