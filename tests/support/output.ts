// Programs whose output nobody takes.

import { projectPath } from "./programs.ts";

/** How a program has ended. */
export interface Ended {
  /** Its exit status. */
  code: number;
  /** What it complained about, if that was to be heard. */
  stderr: string;
}

/**
 * What a shell does with the output of a program; its exit status is printed by the shell,
 * which of a pipe would tell only how the reader has ended.
 */
const SHELL = {
  /** The reader has gone before anything is printed. */
  unread: `{ { sleep 0.3; "$@"; echo $? >&3; } | true; } 3>&1`,
  /** The disk is full. */
  fullDisk: `"$@" >/dev/full; echo $?`,
  /** The disk is full to which complaints go. */
  fullDiskForErrors: `"$@" >/dev/null 2>/dev/full; echo $?`,
};

/** Runs a file of the project with `deno run`, where its output goes nowhere. */
export async function runUnheard(
  how: keyof typeof SHELL,
  args: string[],
): Promise<Ended> {
  const { stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", SHELL[how], "sh", Deno.execPath(), "run", "-A", ...args],
    cwd: projectPath(""),
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return {
    code: Number(decoder.decode(stdout)),
    stderr: decoder.decode(stderr),
  };
}
