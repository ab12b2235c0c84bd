// What the tests of deferreds share.

import { type Failure, log, reportUnhandledErrors } from "../../mod.ts";

/** The failures that nobody has handled when `fn` has run. */
export function unhandledIn(fn: () => void): Failure[] {
  const told: Failure[] = [];
  // What another test left behind is not what is asked for.
  const forgetOthers = log.addObserver(() => {});
  reportUnhandledErrors();
  forgetOthers();
  const forget = log.addObserver(({ failure }) => {
    if (failure !== undefined) told.push(failure);
  });
  try {
    fn();
    reportUnhandledErrors();
  } finally {
    forget();
  }
  return told;
}

/** Runs a program of its own that imports the library from `LIBRARY`. */
export async function runProgram(
  code: string,
  ...flags: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const library = new URL("../../mod.ts", import.meta.url).href;
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, code.replace("LIBRARY", library));
    const output = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "--no-config", ...flags, file],
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    return {
      code: output.code,
      stdout: decoder.decode(output.stdout),
      stderr: decoder.decode(output.stderr),
    };
  } finally {
    await Deno.remove(file);
  }
}
