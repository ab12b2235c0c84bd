/**
 * A server beside the program of the page, in the same worker: a process of its own, as
 * far as a page can have one.
 *
 * @module
 */

import type { Backend } from "../../mod.ts";
import { peerFolder, processName } from "../page/modules.ts";
import type { Current } from "./current.ts";
import { inspect, makeDeno } from "./deno_in_worker.ts";
import type { PeerSetup } from "./messages.ts";
import { closable, makeNetwork } from "./network.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** What a peer shares with the program. */
export interface PeerSurroundings {
  /** The address of the checkout. */
  readonly root: string;
  readonly memory: Backend;
  readonly time: VirtualTime;
  readonly files: Readonly<Record<string, string>>;
  write(stream: "stdout" | "stderr", text: string): void;
  ended(): void;
}

/** Starts a peer; returns what ends it, as `kill` ends a process. */
export function startPeer(
  { path, args }: PeerSetup,
  around: PeerSurroundings,
): () => void {
  const { root, memory, time } = around;
  let isAlive = true;
  const write = (stream: "stdout" | "stderr", text: string) => {
    if (isAlive) around.write(stream, text);
  };
  const network = closable(makeNetwork({
    memory,
    time,
    background: true,
    tell() {},
    listening() {},
    onInterrupt: () => () => {},
  }));
  const { backend } = network;
  const kill = () => {
    if (!isAlive) return;
    isAlive = false;
    network.close();
    around.ended();
  };
  const log = (stream: "stdout" | "stderr") => (...values: unknown[]) =>
    write(stream, `${values.map(inspect).join(" ")}\n`);
  Reflect.set(globalThis, processName(path), {
    Deno: makeDeno({
      backend,
      args,
      path,
      files: around.files,
      stdin: "",
      unref: (timer) => time.unref(timer),
      write,
      exit: kill,
      onInterrupt: () => {},
    }),
    console: {
      ...console,
      log: log("stdout"),
      info: log("stdout"),
      warn: log("stderr"),
      error: log("stderr"),
    },
  });
  void load(`${root}${peerFolder(path)}/`, path, { backend, time })
    .catch((error) => {
      write("stderr", `error: Uncaught ${inspect(error)}\n`);
      kill();
    });
  return kill;
}

async function load(
  folder: string,
  path: string,
  current: Current,
): Promise<void> {
  const own = await import(`${folder}book/worker/current.js`);
  own.set(current);
  await import(`${folder}${path.replace(/\.ts$/, ".js")}`);
}
