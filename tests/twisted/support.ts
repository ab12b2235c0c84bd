// What the tests with Twisted share.

import { Printed, projectPath } from "../support/programs.ts";

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

/** A server of Twisted's that has begun to listen. Disposing of it ends it. */
export interface TwistedServer extends AsyncDisposable {
  /** What it said when it had begun. */
  said: RegExpExecArray;
  /** Ends it at once, so that it can clear nothing away. */
  kill(): Promise<void>;
}

/**
 * Starts a server.
 *
 * @param file its program
 * @param args what the program is told
 * @param pattern what it prints when it has begun to listen
 */
export async function startTwisted(
  file: string,
  args: string[],
  pattern: RegExp,
): Promise<TwistedServer> {
  const child = python(file, args).spawn();
  const stdout = new Printed(child.stdout);
  const stderr = new Printed(child.stderr);
  async function end(signal: Deno.Signal): Promise<void> {
    try {
      child.kill(signal);
    } catch {
      // It has ended by itself.
    }
    await Promise.all([child.status, stdout.ended, stderr.ended]);
  }
  try {
    return {
      said: await stdout.waitFor(pattern),
      kill: () => end("SIGKILL"),
      [Symbol.asyncDispose]: () => end("SIGTERM"),
    };
  } catch (error) {
    await end("SIGTERM");
    throw new Error(`Twisted's server did not start: ${stderr.text}`, {
      cause: error,
    });
  }
}

/** The text of a poem. */
export function poem(name: string): string {
  return Deno.readTextFileSync(projectPath(`poetry/${name}.txt`));
}
