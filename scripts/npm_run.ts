/**
 * Runs the programs of others that the npm package is built and checked with.
 *
 * @module
 */

/** How to run a program. */
export interface RunOptions {
  /** The folder it runs in. */
  cwd: string;
  /**
   * Whether it is no error that it ends with another exit status than 0.
   *
   * @default {false}
   */
  mayFail?: boolean;
}

/** How long a program may take, in seconds: many times what any takes alone. */
const PATIENCE = 900;

/** What a program came to. */
export interface Output {
  /** Whether its exit status was 0. */
  success: boolean;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end.
 *
 * @throws {Error} if its exit status is not 0; the message has what it wrote
 */
export async function run(
  command: string,
  args: string[],
  { cwd, mayFail = false }: RunOptions,
): Promise<Output> {
  const ended = await new Deno.Command(command, {
    args,
    cwd,
    stdin: "null",
    signal: AbortSignal.timeout(PATIENCE * 1000),
  }).output();
  const decoder = new TextDecoder();
  const stdout = decoder.decode(ended.stdout);
  const stderr = decoder.decode(ended.stderr);
  const { success } = ended;
  if (!success && !mayFail) {
    throw new Error(
      `${command} ${args.join(" ")} ended with ${ended.code}:\n` +
        `${stdout}${stderr}`,
    );
  }
  return { success, stdout, stderr };
}

/** Installs packages from npm, of exactly these versions, into a folder. */
export async function install(cwd: string, packages: string[]): Promise<void> {
  const quiet = ["--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", ["install", "--no-save", ...quiet, ...packages], { cwd });
}
