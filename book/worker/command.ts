/**
 * `Deno.Command` in a page: programs of the checkout, each a process in the same worker.
 *
 * @module
 */

import { peerFolder } from "../page/modules.ts";
import { Instance } from "./instance.ts";
import { type PeerSurroundings, startPeer } from "./peer.ts";

interface CommandOptions {
  readonly args?: readonly string[];
}

/** What a process shares with the one that starts it. */
interface Surroundings extends Omit<PeerSurroundings, "write" | "ended"> {
  /** Its errors go where those of the other go. */
  writeError(text: string): void;
}

/** A process that was started. */
class Child {
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly status: Promise<{ success: boolean; code: number }>;
  #kill = () => {};

  constructor(
    path: string,
    { args, id }: { args: readonly string[]; id: number },
    around: Surroundings,
  ) {
    const { promise, resolve } = Promise.withResolvers<number>();
    this.status = promise.then((code) => ({ success: code === 0, code }));
    const encoder = new TextEncoder();
    this.stdout = new ReadableStream({
      start: (controller) => {
        const folder = `${around.root}${peerFolder(path)}/`;
        this.#kill = startPeer({ path, args, port: 0 }, {
          ...around,
          write(stream, text) {
            if (stream === "stderr") around.writeError(text);
            else controller.enqueue(encoder.encode(text));
          },
          ended(status) {
            controller.close();
            resolve(status);
          },
        }, new Instance(folder, path, id));
      },
    });
  }

  kill(): void {
    this.#kill();
  }
}

/** Makes the class. */
export function makeCommand(
  around: Surroundings,
  refuse: (reason: string) => Error,
): new (command: string, options?: CommandOptions) => { spawn(): Child } {
  let children = 0;
  return class {
    #args: readonly string[];

    constructor(_command: string, { args = [] }: CommandOptions = {}) {
      this.#args = args;
    }

    spawn(): Child {
      const at = this.#args.findIndex((arg) => arg.endsWith(".ts"));
      const path = this.#args[at];
      if (this.#args[0] !== "run" || path === undefined) {
        throw refuse("A page can start programs of the checkout alone");
      }
      const args = this.#args.slice(at + 1);
      return new Child(path, { args, id: ++children }, around);
    }
  };
}
