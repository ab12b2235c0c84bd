// What the clients print and how they end, for many versions in one table.

import { assertEquals, assertMatch } from "@std/assert";
import {
  CLIENT_PERMISSIONS,
  type Outcome,
  runClient,
} from "../support/programs.ts";

/** Every version but the blocking one, which has tests of its own. */
export const VERSIONS = [
  "async",
  "1",
  "1-broken",
  "2",
  "2-stack",
  "2.1",
  "3",
  "3.1",
  "4",
  "4-stack",
  "5",
  "5.1",
] as const;

/** One of them. */
export type Version = typeof VERSIONS[number];

/** Those that have a protocol, and take `--timeout`. */
export const PROTOCOL_VERSIONS: Version[] = VERSIONS.slice(3);

/** How a client is to end. What is left out is success, and silence. */
export interface Expected {
  code?: number;
  signal?: Deno.Signal;
  /** With `TIME` for the elapsed time, which is different every time. */
  stdout?: string | RegExp;
  stderr?: string | RegExp;
}

/** By version, or by several of them: `"2.1 3"`. */
export type Expectations = Record<string, Expected>;

/**
 * The permissions of a client, without the chance in clients 5.0 and 5.1: `chance` is
 * what their dice show, and 0 is a poem in lower case.
 */
export function withChance(chance: number): string[] {
  const preloaded = `data:text/javascript,Math.random=()=>${chance}`;
  return [...CLIENT_PERMISSIONS, `--preload=${preloaded}`];
}

/** Runs the versions side by side with the same arguments, and checks how each ends. */
export async function expectAll(
  args: string[],
  expectations: Expectations,
  versions: readonly Version[] = VERSIONS,
): Promise<void> {
  const expected = byVersion(expectations, versions);
  const outcomes = await Promise.all(versions.map(async (version) => {
    return [version, await runClient(version, args, withChance(0))] as const;
  }));
  for (const [version, outcome] of outcomes) {
    check(version, outcome, expected.get(version) ?? {});
  }
}

/** What is expected of each version. Throws where a version was left out. */
function byVersion(
  expectations: Expectations,
  versions: readonly Version[] = VERSIONS,
): Map<string, Expected> {
  const found = new Map<string, Expected>();
  for (const [names, expected] of Object.entries(expectations)) {
    for (const name of names.split(" ")) found.set(name, expected);
  }
  assertEquals([...found.keys()].sort(), [...versions].sort());
  return found;
}

/** Checks how one client ended. */
export function check(
  version: string,
  outcome: Outcome,
  { code = 0, signal, stdout = "", stderr = "" }: Expected,
): void {
  const who = `get-poetry-${version}.ts:\n${outcome.stdout}\n${outcome.stderr}`;
  checkText(outcome.stderr, stderr, `stderr of ${who}`);
  checkText(withoutTime(outcome.stdout), stdout, `stdout of ${who}`);
  assertEquals(outcome.signal, signal ?? null, `signal of ${who}`);
  if (signal === undefined) assertEquals(outcome.code, code, `code of ${who}`);
}

/** Puts `TIME` where elapsed times stand. */
export function withoutTime(text: string): string {
  return text.replace(/\b\d:\d\d:\d\d\.\d{6}$/gm, "TIME");
}

function checkText(actual: string, expected: string | RegExp, what: string) {
  if (typeof expected === "string") assertEquals(actual, expected, what);
  else assertMatch(actual, expected, what);
}

/** What the factory of 2.x writes for an address of IPv4. */
export function written(address: string): string {
  const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? [];
  return `IPv4Address(type='TCP', host='${host}', port=${port})`;
}

/** What 3.1 and 4.0 write to stderr for a failure without a stack. */
export function poemFailed(error: string): string {
  return `Poem failed: [Failure instance: Traceback (failure with no frames): ${error}\n]\n`;
}

/** What 5.0 and 5.1 write to stderr for any failure. */
export const DOWNLOAD_FAILED = "The poem download failed.\n";

/** What the stack clients print, before they end. */
export const STACK_OF_DATA =
  /^Error: The stack when the first data comes:\n +at PoetryProtocol\.dataReceived /m;
/** The same for the callback. */
export const STACK_OF_POEM =
  /^Error: The stack when the first poem is there:\n +at gotPoem /;
