/**
 * Child processes that end when their parent does.
 *
 * @module
 */

/** How many milliseconds an end is kept back, for a signal to be heard first. */
const GRACE = 50;

/** How a child runs; its stdin is empty. */
interface ChildOptions {
  /** The folder it runs in. */
  cwd: URL;
  /**
   * Where its output goes.
   *
   * @default {"inherit"}
   */
  stdout?: "inherit" | "piped" | "null";
  /**
   * Where its complaints go.
   *
   * @default {"inherit"}
   */
  stderr?: "inherit" | "piped";
  /**
   * What is added to its environment.
   *
   * @default {{}}
   */
  env?: Record<string, string>;
}

/** The running children of this process, all of them runs of deno. */
export class Children {
  #running = new Set<Deno.ChildProcess>();
  #ended = false;

  /**
   * Starts one.
   *
   * @param args The arguments of deno.
   * @param options How it runs.
   */
  spawn(args: string[], options: ChildOptions): Deno.ChildProcess {
    this.#refuseAfterEnd();
    const command = new Deno.Command(Deno.execPath(), {
      args,
      stdin: "null",
      stdout: "inherit",
      ...options,
    });
    const child = command.spawn();
    this.#running.add(child);
    return child;
  }

  /** Waits until a child has ended by itself, and gives its exit status. */
  async wait(child: Deno.ChildProcess): Promise<number> {
    const { code } = await child.status;
    this.#running.delete(child);
    // Ctrl-C is sent to the child as well, which may be gone before we hear of it.
    await new Promise((resolve) => setTimeout(resolve, GRACE));
    this.#refuseAfterEnd();
    return code;
  }

  /** Ends them all at once, and waits until they are gone. None can be added. */
  async end(): Promise<void> {
    this.#ended = true;
    // The last one first: it talks to those before it, and would complain of them.
    for (const child of [...this.#running].reverse()) {
      try {
        // Nothing milder will do: a client may be blocked, and hear nothing else.
        child.kill("SIGKILL");
      } catch {
        // It has ended by itself.
      }
      await child.status;
    }
  }

  #refuseAfterEnd() {
    if (this.#ended) throw new Error("Cannot go on: the children were ended");
  }
}
