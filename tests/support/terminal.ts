// A terminal: a program in a pseudo-terminal of its own, and what stands on its screen.

import { Printed, projectPath } from "./programs.ts";

/** How a program is run in it. */
export interface TerminalOptions {
  columns: number;
  rows: number;
  env?: Record<string, string>;
}

/** A control sequence; what is not known here is an error. */
// deno-lint-ignore no-control-regex -- that is what they are made of
const SEQUENCE = /^\x1b\[(\??)([\d;]*)([A-Za-z])/;

/** What stands on a screen of so many columns and rows: as much of one as we need. */
export class Screen {
  /** The screen that programs draw on, and leave again. */
  isAlternate = false;
  isCursorShown = true;
  /** Whether any text was written in a colour, or bold. */
  hasStyles = false;
  /** How often all of it was cleared. */
  cleared = 0;
  /** Lines that went beyond the last column. */
  overflow: string[] = [];
  #columns: number;
  #rows: number;
  #cells: string[][] = [];
  #normal: string[][] = [];
  #x = 0;
  #y = 0;

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
    this.#clear();
    this.cleared = 0;
  }

  /** The rows, without what is blank behind them. */
  get lines(): string[] {
    return this.#cells.map((row) => row.join("").trimEnd());
  }

  write(text: string): void {
    for (let i = 0; i < text.length;) {
      const [all = "", mark, numbers = "", letter = ""] =
        SEQUENCE.exec(text.slice(i, i + 20)) ?? [];
      if (all === "") this.#put(text[i++] ?? "");
      else {
        this.#control(`${mark}${letter}`, numbers);
        i += all.length;
      }
    }
  }

  #control(what: string, numbers: string): void {
    const row = this.#cells[this.#y] ?? [];
    if (what === "H") {
      const [y = 1, x = 1] = numbers.split(";").map(Number);
      this.#y = y - 1;
      this.#x = x - 1;
      if (y > this.#rows) throw new Error(`There is no row ${y}`);
    } else if (what === "K") row.fill(" ", this.#x);
    else if (what === "J") this.#clear();
    else if (what === "m") this.hasStyles ||= numbers !== "0";
    else if (`${what}${numbers}` === "?h25") this.isCursorShown = true;
    else if (`${what}${numbers}` === "?l25") this.isCursorShown = false;
    else if (`${what}${numbers}` === "?h1049") {
      this.isAlternate = true;
      this.#normal = this.#cells.map((row) => [...row]);
    } else if (`${what}${numbers}` === "?l1049") {
      this.isAlternate = false;
      this.#cells = this.#normal;
      this.#x = this.#y = 0;
    } else throw new Error(`Not a sequence we know: ${what} ${numbers}`);
  }

  #put(character: string): void {
    if (character === "\r") this.#x = 0;
    else if (character === "\n") this.#newLine();
    else if (this.#x >= this.#columns) {
      this.overflow.push(this.lines[this.#y] ?? "");
    } else {
      const row = this.#cells[this.#y];
      if (row !== undefined) row[this.#x++] = character;
    }
  }

  #newLine(): void {
    if (++this.#y < this.#rows) return;
    this.#y = this.#rows - 1;
    this.#cells.push(this.#cells.shift()?.fill(" ") ?? []);
  }

  #clear(): void {
    this.cleared++;
    this.#cells = Array.from(
      { length: this.#rows },
      () => Array<string>(this.#columns).fill(" "),
    );
  }
}

/** A program in a terminal. Disposing of it ends it. */
export class Terminal implements AsyncDisposable {
  readonly output: Printed;
  #child: Deno.ChildProcess;
  #keyboard: WritableStreamDefaultWriter<Uint8Array>;
  #size: { columns: number; rows: number };

  /** @param command what a shell runs */
  constructor(command: string, { columns, rows, env = {} }: TerminalOptions) {
    this.#size = { columns, rows };
    const sized = `tty; stty cols ${columns} rows ${rows}; exec ${command}`;
    this.#child = new Deno.Command("script", {
      args: ["--quiet", "--return", "--command", sized, "/dev/null"],
      cwd: projectPath(""),
      env: { TERM: "xterm-256color", SHELL: "/bin/sh", ...env },
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#keyboard = this.#child.stdin.getWriter();
    this.output = new Printed(this.#child.stdout);
  }

  /** What stands on it now. */
  get screen(): Screen {
    const screen = new Screen(this.#size.columns, this.#size.rows);
    screen.write(this.output.text);
    return screen;
  }

  /** Makes it larger or smaller. */
  async resize(columns: number, rows: number): Promise<void> {
    const [device = ""] = await this.output.waitFor(/\/dev\/\S+/);
    const size = ["cols", `${columns}`, "rows", `${rows}`];
    await new Deno.Command("stty", { args: ["-F", device, ...size] }).output();
    this.#size = { columns, rows };
  }

  async type(keys: string): Promise<void> {
    await this.#keyboard.write(new TextEncoder().encode(keys));
  }

  /** Waits for its end, and gives its exit status. */
  async ended(): Promise<number> {
    const { code } = await this.#child.status;
    await this.output.ended;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.ended();
    await this.#keyboard.abort().catch(() => {});
  }
}
