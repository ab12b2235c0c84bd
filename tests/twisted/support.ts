/**
 * What the tests with Twisted share.
 *
 * @module
 */

import { projectPath } from "../support.ts";

/** The system's own Python, for which Twisted comes as a package. */
const PYTHON = "/usr/bin/python3";

function hasTwisted(): boolean {
  try {
    const args = ["-c", "import twisted.internet.reactor"];
    const output = { stdout: "null", stderr: "null" } as const;
    return new Deno.Command(PYTHON, { args, ...output }).outputSync().success;
  } catch {
    return false;
  }
}

const ignore = !hasTwisted();

/** Tests with Twisted at the other end; where there is none, the name says so. */
export function testWithTwisted(
  name: string,
  fn: () => Promise<void>,
): void {
  const why = ignore ? ` (ignored: no python3-twisted for ${PYTHON})` : "";
  Deno.test({ name: name + why, ignore, fn });
}

/** A program of this folder. */
export function python(
  file: string,
  args: string[],
  stdin: "null" | "piped" = "null",
): Deno.Command {
  return new Deno.Command(PYTHON, {
    args: [projectPath(`tests/twisted/${file}`), ...args],
    cwd: projectPath(""),
    stdin,
    stdout: "piped",
    stderr: "piped",
  });
}
