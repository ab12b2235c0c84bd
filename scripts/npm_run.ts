/**
 * Runs the programs of others that the npm package is built and checked with.
 *
 * @module
 */

/** How long a program may take, in seconds: many times what any takes alone. */
const PATIENCE = 900;

/**
 * Runs a program in a folder, and gives what it printed.
 *
 * @throws {Error} if its exit status is not 0; the message has what it wrote
 */
export async function run(
  command: string,
  args: string[],
  cwd: string,
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd,
    stdin: "null",
    signal: AbortSignal.timeout(PATIENCE * 1000),
  }).output();
  const [printed, said] = [stdout, stderr].map((bytes) =>
    new TextDecoder().decode(bytes)
  );
  if (success) return printed ?? "";
  throw new Error(`${command} ${args.join(" ")} failed:\n${printed}${said}`);
}

/** Makes a folder a project that has packages from npm, of exactly these versions. */
export async function install(cwd: string, packages: string[]): Promise<void> {
  await Deno.mkdir(cwd, { recursive: true });
  await Deno.writeTextFile(`${cwd}/package.json`, `{ "private": true }`);
  const quiet = ["--no-audit", "--no-fund", "--ignore-scripts"];
  await run("npm", ["install", "--no-save", ...quiet, ...packages], cwd);
}
