// A reader's terminals: the commands of a page, run as they stand there. Only
// the ports are others, so that pages can be run side by side, and servers are
// faster.

import { Printed, projectPath } from "../support/programs.ts";
import { refusingAddress } from "../support/servers.ts";

/** What came of a command. */
export interface Result {
  code: number;
  /** What it printed, on stdout and stderr, with the page's ports. */
  printed: string;
}

/** Nothing else can be pasted from a page. */
const ALLOWED = /^(printf|nc|deno (run|task|doc)) /;

const SERVER =
  /\b(?:server|examples\/later(?=\/(?:line|poetry|transform)-))\/([\w-]+)/;

/** What makes a server faster, if it can be slow. */
const FASTER = "--delay 0.005";

/** Stands for `nc`, which not every machine has. */
const NETCAT = "deno run --allow-net tests/examples/netcat.ts ";

/** Before a file of a page; what is further down is a test's own. */
const TMP = /\/tmp\/(?=[\w.-]+(?:\s|$))/g;

/** The terminals of somebody who reads one page. Disposing of them ends the servers. */
export class Terminals implements AsyncDisposable {
  #servers: Server[] = [];
  /** The real ports, by the page's. */
  #ports = new Map<string, string>();
  #cleanup = new DisposableStack();
  /** The pages' /tmp/. */
  #folder = Deno.makeTempDirSync();

  /** Runs a command. A server goes on in the background: nothing comes of it yet. */
  async run(command: string, shown = ""): Promise<Result | undefined> {
    if (!ALLOWED.test(command)) throw new Error(`No such command: ${command}`);
    command = command.replace(TMP, `${this.#folder}/`).replace(/^nc /, NETCAT);
    if (SERVER.test(command)) return await this.#serve(command, shown);
    await this.#refuse("10003");
    const shell = new Shell(this.#replacePorts(command), shown.includes("^C"));
    if (shown.includes("^C")) await shell.interruptAfter(shown);
    const { code, printed } = await shell.ended();
    return { code, printed: this.#restorePorts(printed) };
  }

  /** Presses Ctrl-C in the terminals of those servers whose output the page shows. */
  async stopServers(): Promise<Served[]> {
    const stopped = this.#servers.filter(({ shown }) => shown.includes("^C"))
      .map(async ({ command, shell, shown }) => {
        const { printed } = await shell.interrupt();
        return { command, shown, printed: this.#restorePorts(printed) };
      });
    return await Promise.all(stopped);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { shell } of this.#servers) await shell.end();
    this.#cleanup.dispose();
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #serve(command: string, shown: string): Promise<undefined> {
    const [option = "", port = ""] = /--port (\d+)/.exec(command) ?? [];
    const isSlow = SERVER.exec(command)?.[1]?.startsWith("slow");
    const faster = command.replace(/ --delay \S+/, "").replace(
      option,
      isSlow ? `--port 0 ${FASTER}` : "--port 0",
    );
    const shell = new Shell(this.#replacePorts(faster), true);
    this.#servers.push({ command, shell, shown });
    const [, real = ""] = await shell.output.waitFor(
      /\bServing .* on port (\d+).*\.$/m,
    );
    this.#ports.set(port, real);
  }

  /** Sees to it that nobody listens on a port of the page. */
  async #refuse(port: string) {
    if (this.#ports.has(port)) return;
    const address = this.#cleanup.use(await refusingAddress());
    this.#ports.set(port, `${address.port}`);
  }

  #replacePorts(command: string): string {
    return command.replace(
      /\b100\d\d\b/g,
      (port) => this.#ports.get(port) ?? port,
    );
  }

  #restorePorts(printed: string): string {
    for (const [port, real] of this.#ports) {
      printed = printed.replaceAll(new RegExp(`\\b${real}\\b`, "g"), port);
    }
    return printed;
  }
}

/** A server that a page has started. */
interface Server {
  command: string;
  shell: Shell;
  /** What the page says it prints until Ctrl-C, if it says so. */
  shown: string;
}

/** What a server has printed. */
export interface Served {
  command: string;
  printed: string;
  shown: string;
}

/** One command in a shell. */
class Shell {
  readonly output: Printed;
  #child: Deno.ChildProcess;

  /** `alone`: it takes the place of the shell, so that signals reach it. */
  constructor(command: string, alone: boolean) {
    const script = alone ? `exec ${command} 2>&1` : `{ ${command}\n} 2>&1`;
    const folder = Deno.execPath().replace(/\/[^/]*$/, "");
    this.#child = new Deno.Command("sh", {
      args: ["-c", script],
      cwd: projectPath(""),
      env: { NO_COLOR: "1", PATH: `${folder}:${Deno.env.get("PATH")}` },
      stdin: "null",
      stdout: "piped",
    }).spawn();
    this.output = new Printed(this.#child.stdout);
  }

  /** Presses Ctrl-C when everything before it has been printed. */
  async interruptAfter(shown: string) {
    const before = shown.slice(0, shown.indexOf("^C"));
    const lines = before.trimEnd().split("\n");
    await this.output.waitFor(new RegExp(RegExp.escape(lines.at(-1) ?? "")));
    this.#child.kill("SIGINT");
  }

  async interrupt(): Promise<Result> {
    this.#child.kill("SIGINT");
    return await this.ended();
  }

  async ended(): Promise<Result> {
    const { code } = await this.#child.status;
    await this.output.ended;
    return { code, printed: this.output.text };
  }

  async end() {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // Ctrl-C has ended it.
    }
    await this.ended();
  }
}
