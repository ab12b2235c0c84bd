/**
 * Ctrl-Z: the demonstration stops, with all that it runs, until the shell continues it.
 *
 * @module
 */

/** What uses the terminal. */
export interface Suspendable {
  /** Whether it has given back what it will take again. */
  readonly isSuspended: boolean;
  /** Gives the terminal back. */
  suspend(): void;
  /** Takes it again. */
  resume(): void;
}

/** How many milliseconds a stop is kept back, for other signals to be heard first. */
const GRACE = 20;

/** `deno task` passes signals on, so that they come twice, in so many milliseconds. */
const REPEATED = 200;

/** Obeys SIGTSTP and SIGCONT, from when it is made. */
export class JobControl {
  /** How long it was stopped until now, in all. */
  secondsStopped = 0;
  #user: Suspendable;
  #stopped: number | undefined;
  #resumed = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(user: Suspendable) {
    this.#user = user;
    if (Deno.build.os === "windows") return;
    Deno.addSignalListener("SIGTSTP", () => this.#stop());
    Deno.addSignalListener("SIGCONT", () => this.#resume());
  }

  /** Nothing is stopped any more: the program ends. */
  end(): void {
    this.#stopped = undefined;
    clearTimeout(this.#timer);
  }

  #stop(): void {
    const now = performance.now();
    if (this.#stopped !== undefined || now - this.#resumed < REPEATED) return;
    const { group, session } = readJob();
    // What leads its session has no shell that could continue it.
    if (group !== undefined && group === session) return;
    this.#stopped = now;
    this.#user.suspend();
    // The system may have stopped it already, for using the terminal behind the shell's
    // back, since npm's runner stops at once: then `fg` is heard of first.
    this.#stopSoon();
  }

  /** All of the job: `deno task` would go on by itself, and the shell wait for it. */
  #stopSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => Deno.kill(0, "SIGSTOP"), GRACE);
  }

  #resume(): void {
    if (this.#stopped === undefined) return;
    // By `bg`, or to be ended: the terminal is the shell's.
    if (this.#user.isSuspended && isInBackground()) return this.#stopSoon();
    clearTimeout(this.#timer);
    this.#resumed = performance.now();
    this.secondsStopped += (this.#resumed - this.#stopped) / 1000;
    this.#stopped = undefined;
    this.#user.resume();
  }
}

function isInBackground(): boolean {
  const { group, foreground } = readJob();
  return group !== foreground && foreground !== NO_TERMINAL;
}

/** Instead of a group: it was closed. */
const NO_TERMINAL = "-1";

interface Job {
  group?: string | undefined;
  session?: string | undefined;
  /** The group that the terminal belongs to. */
  foreground?: string | undefined;
}

/** As a child sees it, since Deno shows no program its own; empty without Linux. */
function readJob(): Job {
  const stat = new Deno.Command("cat", {
    args: ["/proc/self/stat"],
    stderr: "null",
  });
  const { success, stdout } = stat.outputSync();
  if (!success) return {};
  const fields = new TextDecoder().decode(stdout).split(" ");
  return { group: fields[4], session: fields[5], foreground: fields[7] };
}
