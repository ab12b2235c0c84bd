/**
 * The terminal, as a screen that is drawn in frames and left as it was found.
 *
 * @module
 */

/** How large it is, in characters. */
export interface Size {
  columns: number;
  rows: number;
}

// The terminal's control sequences, as ECMA-48 and xterm have them.
const ALTERNATE = "\x1b[?1049h";
const NORMAL = "\x1b[?1049l";
const HIDE_CURSOR = "\x1b[?25l";
const SHOW_CURSOR = "\x1b[?25h";
const CLEAR = "\x1b[2J";
const CLEAR_LINE = "\x1b[K";

/** Where rows have to be drawn anew, in one write: what stays the same does not flicker. */
export class Screen {
  #shown: string[] = [];
  #size: Size | undefined;
  #isSuspended = false;

  /** Whether stdout is a terminal that can be drawn on. */
  static isAvailable(): boolean {
    return Deno.stdout.isTerminal() && Deno.env.get("TERM") !== "dumb";
  }

  /** Takes the alternate screen, which keeps what was there before. */
  enter(): void {
    this.#size = Deno.consoleSize();
    take();
  }

  /** Gives the terminal back as it was. Idempotent. */
  leave(): void {
    if (this.#size === undefined) return;
    this.#size = undefined;
    if (!this.#isSuspended) giveBack();
  }

  /** Whether the terminal was given back until {@linkcode Screen.resume}. */
  get isSuspended(): boolean {
    return this.#isSuspended;
  }

  /** Gives the terminal back until {@linkcode Screen.resume}, and draws nothing. */
  suspend(): void {
    if (this.#size === undefined || this.#isSuspended) return;
    this.#isSuspended = true;
    giveBack();
  }

  /** Takes it again. */
  resume(): void {
    if (this.#size === undefined || !this.#isSuspended) return;
    this.#isSuspended = false;
    this.#shown = [];
    take();
  }

  /** Draws a frame, whose rows have to fit into the size that it was asked for. */
  draw(frame: (size: Size) => string[]): void {
    if (this.#size === undefined || this.#isSuspended) return;
    const size = Deno.consoleSize();
    let text = "";
    if (!isSame(size, this.#size)) {
      this.#size = size;
      this.#shown = [];
      text += CLEAR;
    }
    const rows = frame(size).slice(0, size.rows);
    for (let i = 0; i < Math.max(rows.length, this.#shown.length); i++) {
      const row = rows[i] ?? "";
      if (row !== (this.#shown[i] ?? "")) {
        text += `\x1b[${i + 1};1H${row}${CLEAR_LINE}`;
      }
    }
    this.#shown = rows;
    if (text !== "") write(text);
  }
}

function take(): void {
  // First: in the background it stops the program before anything is drawn.
  setEcho(false);
  write(ALTERNATE + HIDE_CURSOR + CLEAR);
}

function giveBack(): void {
  write(SHOW_CURSOR + NORMAL);
  setEcho(true);
}

function isSame(a: Size, b: Size): boolean {
  return a.columns === b.columns && a.rows === b.rows;
}

/** What somebody types would stand in the middle of the poems. Ctrl-C still works. */
function setEcho(on: boolean): void {
  if (!Deno.stdin.isTerminal() || Deno.build.os === "windows") return;
  try {
    Deno.stdin.setRaw(!on, { cbreak: !on });
  } catch {
    // It is the terminal of another job, or gone.
  }
}

function write(text: string): void {
  let bytes = new TextEncoder().encode(text);
  try {
    while (bytes.length > 0) {
      bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
    }
  } catch {
    // The terminal is gone: SIGHUP ends the program.
  }
}
