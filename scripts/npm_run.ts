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
   * The exit status that it must have.
   *
   * @default {0}
   */
  code?: number;
}

/** How long a program may take, in seconds: longer is hanging. */
const PATIENCE = 300;

/** What a program wrote. */
export interface Output {
  stdout: string;
  stderr: string;
}

/**
 * Runs a program to its end.
 *
 * @throws {Error} if its exit status is another; the message has what it wrote
 */
export async function run(
  command: string,
  args: string[],
  { cwd, code = 0 }: RunOptions,
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
  if (ended.code !== code) {
    throw new Error(
      `${command} ${args.join(" ")} ended with ${ended.code}:\n` +
        `${stdout}${stderr}`,
    );
  }
  return { stdout, stderr };
}

/** Installs packages from npm, of exactly these versions, into a folder. */
export async function install(cwd: string, packages: string[]): Promise<void> {
  const quiet = ["--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", ["install", "--no-save", ...quiet, ...packages], { cwd });
}
