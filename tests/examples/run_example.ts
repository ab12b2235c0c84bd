// Examples as processes of their own, run with the command that their header
// names.

import { type Outcome, Program, projectPath } from "../support/programs.ts";

/** How to run an example. */
export interface RunOptions {
  /** What it is given to read. @default {""} */
  stdin?: string;
  /** What it is permitted. @default {[]} */
  permissions?: string[];
}

/** Runs a file of examples/, given without its `.ts`, until it ends. */
export async function runExample(
  name: string,
  args: string[] = [],
  { stdin = "", permissions = [] }: RunOptions = {},
): Promise<Outcome> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...permissions, projectPath(`examples/${name}.ts`), ...args],
    cwd: projectPath(""),
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [output] = await Promise.all([child.output(), give(child, stdin)]);
  const decoder = new TextDecoder();
  return {
    code: output.code,
    signal: output.signal,
    stdout: decoder.decode(output.stdout),
    stderr: decoder.decode(output.stderr),
  };
}

/** Starts a file of examples/ that does not end by itself. */
export function startExample(
  name: string,
  args: string[] = [],
  permissions: string[] = [],
): Program {
  return new Program(`examples/${name}.ts`, args, permissions);
}

/** Writes `F` for every run of stack frames: where they are is no concern of a test. */
export function maskFrames(text: string): string {
  return text.replace(/(^ +at .*\n)+/gm, "    F\n");
}

async function give(child: Deno.ChildProcess, text: string) {
  const writer = child.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // The program ended without reading it.
  }
}
