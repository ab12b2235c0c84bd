/**
 * The commands of a page: what of it can run in a page, and with which servers.
 *
 * @module
 */

import type {
  MadeFile,
  PeerDescription,
  ProgramDescription,
  SlowServerDescription,
} from "../page/description.ts";
import { isProgram } from "./checkout.ts";

/** The server whose part the worker plays itself. */
const SLOW = "server/slowpoetry.ts";

/** What a page has not, and how it says so. */
const OUTSIDE: readonly (readonly [RegExp, string])[] = [
  [/ --workers\b/, "in a page no processes can share a port"],
  [/ --allow-write\b/, "a page cannot write your files"],
];

/** What a page says of a client whose server runs in a terminal alone. */
const NO_SERVER = "the server that it reads from does not run in a page";

/** What {@linkcode PageCommands} needs to know of the programs. */
export interface Programs {
  exists(path: string): boolean;
  /** Whether all that it imports can be loaded by a page. */
  isLoadable(path: string): boolean;
  /** The files that are named in it. */
  filesIn(path: string): readonly string[];
  /** Whether it takes `--timeout`. */
  takesTimeout(path: string): boolean;
  hasThreads(path: string): boolean;
}

/** What a page does with a command. */
export interface PageCommand {
  /** What it runs there; missing if that is nothing. */
  readonly program?: ProgramDescription;
  /** Why a program does not run there. */
  readonly reason?: string;
}

interface Parsed {
  readonly path: string;
  readonly args: readonly string[];
  readonly stdin: string;
}

/** Reads the commands of a page from the first to the last. */
export class PageCommands {
  #programs: Programs;
  /** What was started so far, by port. */
  #slow = new Map<number, SlowServerDescription>();
  #peers = new Map<number, PeerDescription>();
  #made = new Map<string, MadeFile>();
  /** Where something listens that cannot run in a page. */
  #missing = new Set<string>();

  constructor(programs: Programs) {
    this.#programs = programs;
  }

  /** What a command is to the page. */
  read(command: string, shown = ""): PageCommand {
    const made = parseMade(command);
    if (made !== undefined) this.#made.set(made.path, made);
    const parsed = parseProgram(command);
    if (parsed === undefined) return {};
    const port = Number(optionOf(parsed.args, "port") ?? NaN);
    const reason = this.#reasonAgainst(command, parsed);
    if (reason !== undefined) {
      this.#missing.add(`${port}`);
      return { reason };
    }
    if (!Number.isNaN(port)) this.#start(port, parsed);
    return { program: this.#describe(parsed, shown) };
  }

  #reasonAgainst(command: string, { path, args }: Parsed): string | undefined {
    const outside = OUTSIDE.find(([pattern]) => pattern.test(command));
    if (outside !== undefined) return outside[1];
    if (!isProgram(path) || !this.#programs.isLoadable(path)) {
      return "a page cannot load what it needs";
    }
    return args.some((one) => this.#missing.has(one)) ? NO_SERVER : undefined;
  }

  #describe(parsed: Parsed, shown: string): ProgramDescription {
    const { path, args } = parsed;
    const port = Number(optionOf(args, "port") ?? NaN);
    const started = this.#needed(args);
    const files = [args, ...started.peers.map((peer) => peer.args)].flat()
      .concat(started.servers.map(({ file }) => file))
      .concat(this.#programs.filesIn(path));
    return {
      ...parsed,
      ...started,
      files: unique(files).filter((one) => this.#isFile(one)),
      made: unique(files).flatMap((one) => this.#made.get(one) ?? []),
      port: Number.isNaN(port) ? undefined : port,
      takesTimeout: args.includes("--timeout") ||
        this.#programs.takesTimeout(path),
      hasThreads: this.#programs.hasThreads(path),
      isInterrupted: shown.includes("^C"),
    };
  }

  #start(port: number, { path, args }: Parsed): void {
    this.#slow.delete(port);
    this.#peers.delete(port);
    if (path !== SLOW) {
      this.#peers.set(port, { port, path, args });
      return;
    }
    this.#slow.set(port, {
      port,
      file: args.at(-1) ?? "",
      numBytes: Number(optionOf(args, "num-bytes") ?? 10),
      delay: Number(optionOf(args, "delay") ?? 0.1),
    });
  }

  /** The servers whose ports are named, and those that these name in turn. */
  #needed(args: readonly string[]) {
    const servers = new Map<number, SlowServerDescription>();
    const peers = new Map<number, PeerDescription>();
    const own = Number(optionOf(args, "port") ?? NaN);
    const waiting = [args];
    for (let some = waiting.pop(); some !== undefined; some = waiting.pop()) {
      for (const arg of some) {
        const port = Number(arg.replace(/^.*:/, ""));
        const slow = this.#slow.get(port);
        const peer = this.#peers.get(port);
        if (port === own) continue;
        if (slow !== undefined) servers.set(port, slow);
        if (peer === undefined || peers.has(port)) continue;
        peers.set(port, peer);
        waiting.push(peer.args);
      }
    }
    return { servers: [...servers.values()], peers: [...peers.values()] };
  }

  #isFile(path: string): boolean {
    return path.includes("/") && this.#programs.exists(path);
  }
}

/** A command like `deno run FLAGS PATH ARGUMENTS`, with what is piped into it. */
function parseProgram(command: string): Parsed | undefined {
  const match =
    /^(?:printf (.*?) \| )?deno run ((?:--\S+ )*)([\w./-]+\.ts)(.*)$/
      .exec(command);
  if (match === null) return undefined;
  const [, printed, , path = "", rest = ""] = match;
  const lines = printed === undefined ? [] : words(printed).slice(1);
  return {
    path,
    args: words(rest),
    stdin: lines.map((line) => `${line}\n`).join(""),
  };
}

/** A command like `printf '%20s' word > FILE`. */
function parseMade(command: string): MadeFile | undefined {
  const match = /^printf '%(\d+)s' (\w+) > (\S+)$/.exec(command);
  if (match === null) return undefined;
  const [, width, word = "", path = ""] = match;
  return { path, word, width: Number(width) };
}

/** The words of a shell's command line. */
function words(line: string): string[] {
  const found = [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)];
  return found.map(([, single, double, bare]) =>
    single ?? double ?? bare ?? ""
  );
}

function optionOf(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? undefined : args[at + 1];
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
