/**
 * Programs that are measured, or that others are measured with, each in a
 * process of its own.
 *
 * @module
 */

import type { Contender, Resource } from "./scenario.ts";

/** More than any answer should take, by far. */
const PATIENCE_SECONDS = 60;

/** Every process that runs now. */
const running = new Set<Deno.ChildProcess>();

/** Ends all processes at once, without a word: for when this one has to end. */
export function killAll(): void {
  for (const child of running) kill(child);
}

/** Starts a process, which `killAll` ends if nobody else has. */
export function spawn(
  command: string,
  options: Deno.CommandOptions,
): Deno.ChildProcess {
  const child = new Deno.Command(command, options).spawn();
  running.add(child);
  child.status.finally(() => running.delete(child));
  return child;
}

/** Ends a process at once, if it is still there. */
export function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** The command of a program of this folder, for Deno. */
export function denoProgram(file: string, ...flags: string[]): string[] {
  const path = new URL(file, import.meta.url).pathname;
  const lock = `--lock=${new URL("../dev.lock", import.meta.url).pathname}`;
  return [Deno.execPath(), "run", "--no-check", lock, ...flags, path];
}

/** The command of a program of this folder, for the Python that has Twisted. */
export function pythonProgram(file: string): string[] {
  return ["/usr/bin/python3", new URL(file, import.meta.url).pathname];
}

/** The clock ticks of a second in /proc, on every Linux. */
const TICKS = 100;

/** How long a process has kept processors busy, in seconds. */
function cpuSecondsOf(pid: number): number {
  const args = [`/proc/${pid}/stat`];
  try {
    const { stdout } = new Deno.Command("cat", { args, stderr: "null" })
      .outputSync();
    // Behind the name, which may contain anything, come ten more fields.
    const text = new TextDecoder().decode(stdout).replace(/^.*\) /s, "");
    const [user, system] = text.split(" ").slice(11, 13).map(Number);
    return ((user ?? NaN) + (system ?? NaN)) / TICKS;
  } catch {
    return NaN;
  }
}

/** Says what is missing for Python programs that import `module`, if it is. */
export function missingInPython(module: string): string | undefined {
  const [python = "", ...args] = ["/usr/bin/python3", "-c", `import ${module}`];
  try {
    const { success } = new Deno.Command(python, { args, stderr: "null" })
      .outputSync();
    return success ? undefined : `there is no ${module} for ${python}`;
  } catch {
    return `there is no ${python}`;
  }
}

/**
 * A program that says a number when it is ready, and one more for each line that
 * it is sent. It ends when its stdin does.
 */
export class Program implements Resource {
  #command: string[];
  #args: () => (string | number)[];
  #child: Deno.ChildProcess | undefined;
  #input: WritableStreamDefaultWriter<Uint8Array> | undefined;
  #output: ReadableStreamDefaultReader<string> | undefined;
  #said = "";
  #greeting = 0;

  /**
   * @param command the program, and its first arguments
   * @param args the others, when it starts
   */
  constructor(command: string[], args: () => (string | number)[] = () => []) {
    this.#command = command;
    this.#args = args;
  }

  /** The number that it was ready with: the port that it listens on. */
  get greeting(): number {
    return this.#greeting;
  }

  async start(): Promise<void> {
    const [command = "", ...first] = this.#command;
    const child = spawn(command, {
      args: [...first, ...this.#args().map(String)],
      stdin: "piped",
      stdout: "piped",
    });
    this.#child = child;
    this.#input = child.stdin.getWriter();
    this.#output = child.stdout.pipeThrough(new TextDecoderStream())
      .getReader();
    this.#said = "";
    this.#greeting = await this.#answer();
  }

  /**
   * Has it do its job once, and gives the number that it answers.
   *
   * @param order what it is told, where that is more than to begin
   * @param patience how long to wait for the answer, in seconds
   */
  async ask(
    order: string | number = "go",
    patience: number = PATIENCE_SECONDS,
  ): Promise<number> {
    await this.#input?.write(new TextEncoder().encode(`${order}\n`));
    return await this.#answer(patience);
  }

  /** What it has used of the processors since it started, or NaN. */
  cpuSeconds(): number {
    return this.#child === undefined ? NaN : cpuSecondsOf(this.#child.pid);
  }

  async end(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    kill(child);
    await child.status;
    await this.#input?.abort().catch(() => {});
    await this.#output?.cancel();
  }

  async #answer(patience: number = PATIENCE_SECONDS): Promise<number> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${this.#name()} gave no answer in time`)),
        patience * 1000,
      );
    });
    try {
      return Number(await Promise.race([this.#line(), late]));
    } finally {
      clearTimeout(timer);
    }
  }

  async #line(): Promise<string> {
    for (;;) {
      const end = this.#said.indexOf("\n");
      if (end >= 0) {
        const line = this.#said.slice(0, end);
        this.#said = this.#said.slice(end + 1);
        return line;
      }
      const read = await this.#output?.read();
      if (!read || read.done) throw new Error(`${this.#name()} has ended`);
      this.#said += read.value;
    }
  }

  #name(): string {
    return this.#command.at(-1) ?? "A program";
  }
}

/** A contender that is a program: it answers each time with its figure. */
export function contender(
  label: string,
  command: string[],
  args?: () => (string | number)[],
): Contender {
  const program = new Program(command, args);
  return {
    label,
    start: () => program.start(),
    run: () => program.ask(),
    cpuSeconds: () => program.cpuSeconds(),
    end: () => program.end(),
  };
}

/** A server, measured by the figure of a reader that is told its port. */
export function served(
  reader: Program,
  label: string,
  command: string[],
): Contender {
  const program = new Program(command);
  return {
    label,
    start: () => program.start(),
    run: () => reader.ask(program.greeting),
    cpuSeconds: () => program.cpuSeconds(),
    end: () => program.end(),
  };
}
