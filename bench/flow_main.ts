/**
 * Measures how much memory it takes to send a long file to somebody who takes it
 * slowly: a server for each way to send, all at the same time, each a process of
 * its own with a client of its own.
 *
 *     deno task bench:flow                          1 GiB at 10 MiB/s, 100 seconds
 *     deno task bench:flow --mib 100 --rate 10      less
 *
 * The figure is the most by which the resident memory of the server's process
 * was more than when the client had connected.
 *
 * @module
 */

import { PEER, type Way, WAYS } from "./flow_ways.ts";
import { denoProgram, killAll, Program } from "./program.ts";

const MIB = 1024 * 1024;

interface Wishes {
  mib: number;
  rate: number;
}

function parse(args: string[]): Wishes {
  const wishes: Record<string, number> = { mib: 1024, rate: 10 };
  for (let at = 0; at < args.length; at += 2) {
    const name = args[at]?.replace(/^--/, "") ?? "";
    const value = Number(args[at + 1]);
    if (!(name in wishes) || !(value > 0)) {
      console.error("Usage: deno task bench:flow [--mib N] [--rate N]");
      Deno.exit(2);
    }
    wishes[name] = value;
  }
  const { mib = NaN, rate = NaN } = wishes;
  return { mib, rate };
}

/** Takes all that a server sends, but no more than so many bytes a second. */
async function drink(port: number, bytesPerSecond: number): Promise<number> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const buffer = new Uint8Array(256 * 1024);
  const start = performance.now();
  let size = 0;
  for (;;) {
    const count = await conn.read(buffer);
    if (count === null) return size;
    size += count;
    const due = start + size / bytesPerSecond * 1000;
    const wait = Math.max(0, due - performance.now());
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** Has a file sent in one way, and gives the growth in MiB. */
async function measure(
  path: string,
  how: string,
  { mib, rate }: Wishes,
): Promise<number> {
  const command = denoProgram(
    "programs/serve_file.ts",
    "--allow-net=127.0.0.1",
    `--allow-read=${path}`,
  );
  const server = new Program(command, () => [path, how]);
  try {
    await server.start();
    const patience = mib / rate * 2 + 60;
    const growth = server.ask("go", patience);
    const size = await drink(server.greeting, rate * MIB);
    if (size !== mib * MIB) throw new Error(`${size} bytes came by ${how}`);
    return await growth;
  } finally {
    await server.end();
  }
}

function report(how: string, growth: number, wanted: string): void {
  const figure = growth.toFixed(1).padStart(6);
  console.log(`${how.padEnd(20)} ${figure} MiB   ${wanted}`);
}

/** A pipe may take what it takes with nothing but Deno, if that is more. */
function judge({ how, atMost }: Way, growth: number, peer: number): void {
  const most = how === "transport.writable" ? Math.max(atMost, peer) : atMost;
  const isFine = growth <= most;
  const wanted = `${most.toFixed(1)} MiB at most: ${isFine ? "ok" : "short"}`;
  report(how, growth, wanted);
  if (!isFine) Deno.exitCode = 1;
}

async function main(): Promise<void> {
  const wishes = parse(Deno.args);
  const path = await Deno.makeTempFile();
  try {
    await Deno.truncate(path, wishes.mib * MIB);
    console.log(`${wishes.mib} MiB at ${wishes.rate} MiB/s, growth of memory:`);
    const measured = [PEER, ...WAYS.map(({ how }) => how)]
      .map((how) => measure(path, how, wishes));
    const [peer = NaN, ...growths] = await Promise.all(measured);
    WAYS.forEach((way, index) => judge(way, growths[index] ?? NaN, peer));
    report(PEER, peer, "for comparison");
  } finally {
    await Deno.remove(path);
  }
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    killAll();
    Deno.exit(1);
  });
}

await main();
// The signals would keep the program alive.
Deno.exit();
