// What becomes of connections on Node that there are no descriptors for. On
// Node alone: the limit is the process's, and Deno runs other tests in it
// meanwhile.

import { assertEquals } from "@std/assert";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import process from "node:process";
import { ClientFactory, Factory, Protocol } from "../../mod.ts";
import { nodeBackend } from "../../reactor/backends/node/backend.ts";
import { makeReactor, runWith } from "../support/reactors.ts";

/**
 * How many more descriptors there are to be than are in use, at least. To raise
 * the limit again takes a dozen.
 */
const ROOM = 30;

/** How many want one. */
const CROWD = 4 * ROOM;

/** Connects to a port when it is told to, and says how many of that have ended. */
function crowd(port: number): string {
  return `const { connect } = require("node:net");
    let ended = 0;
    process.stdin.once("data", () => {
      for (let i = 0; i < ${CROWD}; i++) {
        const socket = connect(${port}, "127.0.0.1");
        socket.on("error", () => {});
        socket.on("close", () => console.log(\`ended \${++ended}\`));
        socket.resume();
      }
    });
    process.stdin.on("end", () => process.exit());`;
}

/** Waits until a program has printed something. */
function printed({ stdout }: ChildProcess, text: string): Promise<void> {
  let all = "";
  return new Promise((resolve) => {
    stdout?.on("data", (piece) => {
      all += piece;
      if (all.includes(text)) resolve();
    });
  });
}

/** Chooses how many descriptors this process may have; what it was before. */
function limitDescriptors(limit: string): string {
  const of = ["--pid", `${process.pid}`];
  const show = ["--nofile", "--output=SOFT", "--noheadings"];
  const before = execFileSync("prlimit", [...of, ...show], {
    encoding: "utf8",
  });
  execFileSync("prlimit", [...of, `--nofile=${limit}:`]);
  return before.trim();
}

function isAble(): boolean {
  try {
    return execFileSync("prlimit", ["--version"]).length > 0;
  } catch {
    return false;
  }
}

/** The server's connections, which it keeps or breaks. */
class Kept extends Protocol {
  static readonly open = new Set<Kept>();
  /** What to do with one that comes. */
  static onMade: (protocol: Kept) => void = () => {};

  break(): void {
    this.transport.abortConnection();
  }

  override connectionMade(): void {
    Kept.open.add(this);
    Kept.onMade(this);
  }

  override connectionLost(): void {
    Kept.open.delete(this);
  }
}

Deno.test({
  name:
    "Node itself ends the connections that there are no descriptors for, and the port goes on",
  ignore: !isAble(),
  async fn() {
    const { reactor, errors } = makeReactor({ backend: nodeBackend });
    const server = Factory.forProtocol(Kept);
    const options = { interface: "127.0.0.1", backlog: CROWD };
    const port = reactor.listenTCP(0, server, options);
    const to = port.getHost().port;
    const child = spawn(process.execPath, ["-e", crowd(to)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    await runWith(reactor, async () => {
      const refused = printed(child, `ended ${2 * ROOM}\n`);
      const inUse = readdirSync("/proc/self/fd").length;
      const before = limitDescriptors(`${inUse + ROOM}`);
      child.stdin?.write("now");
      await refused;
      assertEquals(Kept.open.size <= CROWD - 2 * ROOM, true);
      const all = printed(child, `ended ${CROWD}\n`);
      Kept.onMade = (protocol) => protocol.break();
      for (const protocol of Kept.open) protocol.break();
      await all;
      limitDescriptors(before);
      const served = new Promise<void>((resolve) => {
        Kept.onMade = () => resolve();
      });
      const late = ClientFactory.forProtocol(Protocol);
      reactor.connectTCP("127.0.0.1", to, late);
      await served;
    });
    assertEquals(errors, []);
    const exited = new Promise((resolve) => child.on("exit", resolve));
    child.stdin?.end();
    await exited;
  },
});
