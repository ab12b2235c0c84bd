/**
 * Runs the programs that the npm package brings along, on Node.
 *
 * @module
 */

import { ENTRY_POINTS, METADATA } from "./npm_package.ts";
import { run } from "./npm_run.ts";

const POEM = "poetry/science.txt";

/** What the clients from 5.0 on make of a poem, by chance. */
const OUTCOMES = (poem: string) => [
  `${poem.toLowerCase()}\n`,
  `Cummingsify failed!\n${poem}\n`,
];

/** What a shell does with output that nobody takes, and what it then prints of the end. */
const UNHEARD: [how: string, status: string, told: string][] = [
  [`{ { "$@"; echo $? >&3; } | true; } 3>&1`, "141\n", ""],
  [
    `"$@" >/dev/full; echo $?`,
    "1\n",
    "error: Cannot print: no space left on device.\n",
  ],
];

/** A program, as it is started: what comes before its arguments. */
type Start = (name: string) => string[];

/**
 * Has clients read the slow server: as the files of one shape of the package.
 *
 * @param projectDir A project that has installed the package.
 * @param folder The folder of the shape: `esm` or `script`.
 */
export async function checkFiles(
  projectDir: string,
  folder: string,
): Promise<void> {
  const paths = new Map(ENTRY_POINTS.map(({ name, path }) => [name, path]));
  await checkPrograms(projectDir, (name) => {
    const file = paths.get(name)?.replace(/^\./, folder).replace(/ts$/, "js");
    return ["node", `node_modules/${METADATA.name}/${file}`];
  });
}

/** The same with the commands that the package installs. */
export async function checkCommands(projectDir: string): Promise<void> {
  await checkPrograms(projectDir, (name) => [`node_modules/.bin/${name}`]);
  // Too old a Node hears so from every command, in one line.
  const old = "data:text/javascript," +
    "Object.defineProperty(process, 'versions', { value: { node: '18.20.0' } })";
  for (const { kind, name } of ENTRY_POINTS) {
    if (kind !== "bin") continue;
    const args = ["--import", old, `node_modules/.bin/${name}`];
    const { stderr } = await run("node", args, { cwd: projectDir, code: 2 });
    const wanted =
      "error: Deferno needs Node.js 20 or newer: this is 18.20.0\n";
    expect(`${name} on Node 18`, stderr, [wanted]);
  }
}

async function checkPrograms(projectDir: string, start: Start): Promise<void> {
  const cwd = projectDir;
  const runProgram = (name: string, args: string[], code?: number) => {
    const [command = "", ...first] = start(name);
    return run(command, [...first, ...args], { cwd, code });
  };
  const poem = await Deno.readTextFile(POEM);
  await using server = await SlowServer.start(start, projectDir);
  const port = `${server.port}`;

  const four = await runProgram("deferno-get-poetry", [port, port]);
  expect("client 4.0", four.stdout, [`${poem}\n${poem}\n`]);

  const { stdout, stderr, code } = await runProgram5(start, projectDir, port);
  if (code === 0) expect("client 5.1", stdout, OUTCOMES(poem));
  else expect("client 5.1", stderr, ["The poem download failed.\n"]);

  const refused = await runProgram("deferno-get-poetry", ["127.0.0.1:1"], 1);
  const why = "Cannot connect to 127.0.0.1:1: connection refused";
  expect("a refused client", String(refused.stderr.includes(why)), ["true"]);
  for (const [how, status, told] of UNHEARD) {
    const command = [...start("deferno-get-poetry"), port];
    const ended = await run("sh", ["-c", how, "sh", ...command], { cwd });
    expect("a client that nobody reads", ended.stdout, [status]);
    expect("its complaint", ended.stderr, [told]);
  }
  const help = await runProgram("deferno-get-poetry-5", []);
  expect("the help", String(/^Usage: \S+ \[/.test(help.stdout)), ["true"]);
  const none = await runProgram("deferno-slowpoetry", ["nosuch.txt"], 2);
  const missing = "error: Cannot read nosuch.txt: no such file or directory.\n";
  expect("a missing poem", none.stderr.slice(-missing.length), [missing]);
}

/** Client 5.1, which ends with 0 or with 1, by chance. */
async function runProgram5(start: Start, cwd: string, port: string) {
  const [command = "", ...args] = start("deferno-get-poetry-5.1");
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args, port],
    cwd,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return {
    code,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

function expect(what: string, found: string, wanted: string[]): void {
  if (wanted.includes(found)) return;
  throw new Error(`On Node, ${what} gave this: ${found}`);
}

/** The slow server, as a program that has begun to listen. */
class SlowServer implements AsyncDisposable {
  /** Where it listens. */
  readonly port: number;
  #child: Deno.ChildProcess;
  #reading: Promise<unknown>;

  private constructor(
    child: Deno.ChildProcess,
    port: number,
    rest: ReadableStream<string>,
  ) {
    this.port = port;
    this.#child = child;
    // It must not have to wait for somebody who reads what it says.
    this.#reading = rest.pipeTo(new WritableStream());
  }

  static async start(start: Start, cwd: string): Promise<SlowServer> {
    const [command = "", ...first] = start("deferno-slowpoetry");
    const options = ["--delay", "0", "--num-bytes", "100"];
    const poem = await Deno.realPath(POEM);
    const child = new Deno.Command(command, {
      args: [...first, ...options, poem],
      cwd,
      stdin: "null",
      stdout: "piped",
    }).spawn();
    const text = child.stdout.pipeThrough(new TextDecoderStream());
    let said = "";
    let port: string | undefined;
    for await (const piece of text.values({ preventCancel: true })) {
      said += piece;
      [, port] = /^Serving .* on port (\d+)\.$/m.exec(said) ?? [];
      if (port !== undefined) break;
    }
    if (port !== undefined) return new SlowServer(child, Number(port), text);
    await child.status;
    throw new Error(`The slow server did not start on Node: ${said}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGTERM");
    await this.#child.status;
    await this.#reading;
  }
}
