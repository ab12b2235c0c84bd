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
import type { Instance } from "./instance.ts";
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
  ended(status: number): void;
}

/** The exit status of a process that SIGKILL ended: 128 + 9. */
const KILLED = 137;

/**
 * Starts a peer; returns what ends it, as `kill` ends a process.
 *
 * @param instance its modules, if it is one of many and ends when it has been evaluated
 */
export function startPeer(
  { path, args }: PeerSetup,
  around: PeerSurroundings,
  instance?: Instance,
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
  const end = (status: number) => {
    if (!isAlive) return;
    isAlive = false;
    network.close();
    around.ended(status);
  };
  const log = (stream: "stdout" | "stderr") => (...values: unknown[]) =>
    write(stream, `${values.map(inspect).join(" ")}\n`);
  const deno = makeDeno({
    backend,
    args,
    path,
    files: around.files,
    stdin: "",
    unref: (timer) => time.unref(timer),
    write,
    exit: end,
    onInterrupt: () => {},
  });
  Reflect.set(globalThis, instance?.name ?? processName(path), {
    Deno: deno,
    console: {
      ...console,
      log: log("stdout"),
      info: log("stdout"),
      warn: log("stderr"),
      error: log("stderr"),
    },
  });
  const folder = `${root}${peerFolder(path)}/`;
  load(folder, path, { backend, time }, instance).then(
    () => {
      if (instance !== undefined) end(Number(deno["exitCode"]));
    },
    (error) => {
      write("stderr", `error: Uncaught ${inspect(error)}\n`);
      end(1);
    },
  );
  return () => end(KILLED);
}

async function load(
  folder: string,
  path: string,
  current: Current,
  instance?: Instance,
): Promise<void> {
  const load = (file: string) =>
    instance?.load(`${folder}${file}`) ?? import(`${folder}${file}`);
  const own = await load("book/worker/current.js");
  own.set(current);
  await load(path.replace(/\.ts$/, ".js"));
}
