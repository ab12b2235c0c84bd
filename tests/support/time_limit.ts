// A limit for the time that each test takes, so that what hangs fails by its
// name and the others still run.

import { Script } from "node:vm";

/** How long a test may take, in seconds: many times what any needs when all run. */
export const TEST_SECONDS = 60;

/**
 * Defines a test with a limit, unless it has one of its own.
 *
 * `Deno.test` takes whoever calls it for the place of the test, unless that is a
 * script of the runtime's: a limit is no reason to lose where a test stands.
 */
const LIMITED = new Script(
  `(test, timeout) => (first, ...rest) => {
    if (typeof first === "object") return test({ timeout, ...first }, ...rest);
    if (typeof first === "function") return test({ timeout }, first);
    const [options, fn] = rest.length < 2 ? [{}, ...rest] : rest;
    return test(first, { timeout, ...options }, fn);
  }`,
  { filename: "ext:time_limit" },
);

/**
 * Gives a limit to all tests that are defined from now on.
 *
 * @param seconds how long each may take
 */
export function limitTests(seconds: number): void {
  const { test } = Deno;
  const limited = LIMITED.runInThisContext()(test, seconds * 1000);
  Object.defineProperty(Deno, "test", { value: Object.assign(limited, test) });
}
