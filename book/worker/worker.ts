/**
 * A program of the checkout, running in a page: the worker's main file. It starts the
 * program when the page says so, and reports all that happens.
 *
 * @module
 */

import { BEGIN_HOOK } from "../page/modules.ts";
import { hostFunctions, replaceTime } from "./globals.ts";
import {
  type Event,
  type Happening,
  INTERRUPTED,
  type Order,
  type ProgramSetup,
  type Report,
} from "./messages.ts";
import { StackReader } from "./stacks.ts";
import { replaceThreads, replaceWait, sleeper } from "./threads.ts";
import { VirtualTime } from "./virtual_time.ts";

/** The worker's own scope, whose type the page's library does not know. */
const scope = self as unknown as {
  postMessage(report: Report): void;
  onmessage: ((event: MessageEvent<Order>) => void) | null;
  onunhandledrejection: ((event: PromiseRejectionEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
};

const host = hostFunctions();
const sleep = sleeper();
const channel = new MessageChannel();
const afterPromises: (() => void)[] = [];
channel.port1.onmessage = () => afterPromises.shift()?.();

const time = new VirtualTime({
  now: () => host.now() / 1000,
  later(seconds, fn) {
    const id = host.setTimeout(fn, seconds * 1000);
    return () => host.clearTimeout(id);
  },
  afterPromises(fn) {
    afterPromises.push(fn);
    channel.port2.postMessage(undefined);
  },
  block(seconds) {
    flushEvents();
    const isMortal = interruptions.size === 0;
    scope.postMessage({ report: "blocks", seconds, isMortal });
    sleep(seconds);
  },
}, flush);
replaceTime(time);
replaceWait(time);
const countThreads = replaceThreads(time);

/** How long somebody waits before they read from a server that listens, in seconds. */
const READER_SECONDS = 0.5;

let events: Event[] = [];
let isOver = false;
const interruptions = new Set<() => void>();
const kills = new Map<number, () => void>();

function tell(happening: Happening): void {
  if (isOver) return;
  events.push({ ...happening, time: time.seconds() });
  // A call that never returns is the last that the page hears of.
  if (happening.what === "call") flushEvents();
}

function flush(): void {
  flushEvents();
  if (isOver) return;
  if (!time.running) {
    scope.postMessage({ report: "still", time: time.seconds() });
  }
  if (!time.pending) endSoon();
}

function flushEvents(): void {
  if (events.length > 0) scope.postMessage({ report: "events", events });
  events = [];
}

function end(
  status: number,
  { error, isRefused }: { error?: string; isRefused?: boolean } = {},
): void {
  if (isOver) return;
  dispatchEvent(new Event("unload"));
  flushEvents();
  isOver = true;
  time.pause();
  scope.postMessage({
    report: "exit",
    status,
    time: time.seconds(),
    error,
    isRefused,
  });
}

/** Set once the program's own module was evaluated. */
let programOver = false;
/** Set when that is evaluated: the engine has taken it, and all that it imports. */
let hasBegun = false;
let exitCode = () => 0;

/** A program whose module was evaluated, and that waits for nothing, is over. */
function endSoon(): void {
  if (!programOver || isOver || countThreads() > 0) return;
  dispatchEvent(new Event("beforeunload"));
  end(exitCode());
}

/** Loaded before the page says what to run: it takes most of the time until then. */
const loading = Promise.all([
  import("./deno_in_worker.ts"),
  import("./command.ts"),
  import("./network.ts"),
  import("./slow_server.ts"),
  import("./probe.ts"),
  import("./peer.ts"),
  import("./reader.ts"),
  import("../../mod.ts"),
]);

async function start(program: ProgramSetup): Promise<void> {
  const root = new URL("../../", import.meta.url).href;
  const stacks = new StackReader(root, program.path);
  stacks.install();
  // The page may have another one until all is loaded.
  time.setSpeed(program.speed);
  const write = (
    stream: "stdout" | "stderr",
    text: string,
    terminal?: string,
  ) => {
    if (isOver) return;
    flushEvents();
    scope.postMessage({
      report: "output",
      stream,
      terminal,
      text: stacks.translate(text),
      time: time.seconds(),
      stack: stacks.here(),
    });
  };
  const failed = (error: unknown) => {
    if (isOver || (error as { name?: unknown })?.name === "Exit") return;
    const text = error instanceof Error
      ? error.stack ?? `${error}`
      : `${error}`;
    end(1, {
      error: `error: Uncaught (in promise) ${stacks.translate(text)}`,
      isRefused: !hasBegun,
    });
  };
  scope.onunhandledrejection = (event) => {
    event.preventDefault();
    failed(event.reason);
  };
  scope.onerror = (event) => failed(event.error ?? event.message);

  const [
    { makeDeno, inspect, errors },
    { makeCommand },
    { makeMemory, makeNetwork },
    { SlowServer },
    { Probe },
    { startPeer },
    { readFrom },
    { reactor },
  ] = await loading;
  const current = await import("./current.ts");
  const onInterrupt = (fn: () => void) => {
    interruptions.add(fn);
    return () => interruptions.delete(fn);
  };
  const memory = makeMemory();
  const backend = makeNetwork({
    memory,
    time,
    background: false,
    tell,
    onInterrupt,
    listening(port) {
      if (!program.isRead) return;
      const terminal = `nc 127.0.0.1 ${port}`;
      const writeLine = (text: string) => write("stdout", text, terminal);
      const read = () => readFrom(memory, port, writeLine);
      time.add(READER_SECONDS, read, true);
    },
  });
  current.set({ backend, time });
  reactor.addInstrument(new Probe(tell, stacks));

  const deno = makeDeno({
    backend,
    args: program.args,
    path: program.path,
    files: program.files,
    stdin: program.stdin,
    unref: (timer) => time.unref(timer),
    write,
    exit: (status) => end(status),
    onInterrupt,
    command: makeCommand(
      {
        root,
        memory,
        time,
        files: program.files,
        writeError: (text) => write("stderr", text),
      },
      (reason) => new errors.NotSupported(reason),
    ),
  });
  Object.defineProperty(globalThis, "Deno", {
    value: deno,
    configurable: true,
  });
  exitCode = () => Number(deno["exitCode"]);
  const line = (values: unknown[]) => `${values.map(inspect).join(" ")}\n`;
  console.log = (...values: unknown[]) => write("stdout", line(values));
  console.info = console.log;
  console.error = (...values: unknown[]) => write("stderr", line(values));
  console.warn = console.error;

  for (const setup of program.servers) {
    const server = new SlowServer(memory, time, setup, {
      sent: (port, count, total) => tell({ what: "sent", port, count, total }),
      ended: (port) => tell({ what: "server ended", port }),
    });
    kills.set(setup.port, () => server.kill());
  }
  for (const setup of program.peers) {
    const { port } = setup;
    const isServing = new Promise<void>((resolve) => {
      const kill = startPeer(setup, {
        root,
        memory,
        time,
        files: program.files,
        write(stream, text) {
          write(stream, text, setup.path);
          resolve();
        },
        ended() {
          tell({ what: "server ended", port });
          resolve();
        },
      });
      kills.set(port, kill);
    });
    await Promise.all([isServing, time.settle()]);
  }
  await time.settle();
  const url = program.code === undefined
    ? `${root}${program.path.replace(/\.ts$/, ".main.js")}`
    : URL.createObjectURL(
      new Blob([program.code], { type: "text/javascript" }),
    );
  if (program.code !== undefined) stacks.addEdited(url);
  // Time begins with the program, and not with the modules that it imports.
  Reflect.set(globalThis, BEGIN_HOOK, () => {
    hasBegun = true;
    scope.postMessage({ report: "ready" });
    if (!program.paused) time.run();
    time.enter();
  });
  try {
    await import(url);
  } catch (error) {
    failed(error);
  }
  programOver = true;
  flush();
}

/** What Ctrl-C does to a program that does not listen for it. */
function interrupt(): void {
  if (interruptions.size === 0) return end(INTERRUPTED);
  time.enter();
  for (const fn of [...interruptions]) fn();
}

scope.onmessage = ({ data }) => {
  switch (data.order) {
    case "start":
      void start(data.program);
      break;
    case "run":
      time.run();
      break;
    case "pause":
      time.pause();
      flush();
      break;
    case "step":
      time.step(data.size);
      break;
    case "speed":
      time.setSpeed(data.speed);
      break;
    case "ping":
      scope.postMessage({ report: "pong" });
      break;
    case "interrupt":
      interrupt();
      break;
    case "kill":
      kills.get(data.port)?.();
      flush();
  }
};
