import { execFileSync } from "node:child_process";
import process from "node:process";
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  CannotListenError,
  ConnectBindError,
  createLog,
  DNSLookupError,
  Failure,
  type ListenOptions,
  type Stream,
} from "../../mod.ts";
import { nodeBackend } from "../../reactor/backends/node/backend.ts";
import { checkNodeVersion } from "../../reactor/backends/node/system.ts";

// What Node's backend alone has. The rest is tested by the conformance suite.

const LOCAL: ListenOptions = {
  hostname: "127.0.0.1",
  port: 0,
  backlog: 5,
  reusePort: false,
};

function connect(
  hostname: string,
  port: number,
  bindAddress?: [string, number],
): Promise<Stream | Error> {
  return new Promise((resolve) => {
    nodeBackend.connect({ hostname, port, bindAddress }, resolve);
  });
}

function refusal(options: Partial<ListenOptions>): CannotListenError {
  return assertThrows(
    () => nodeBackend.listen({ ...LOCAL, ...options }),
    CannotListenError,
  );
}

Deno.test("a Node that is too old is told which one is needed", () => {
  const getBuiltinModule = () => {};
  for (const node of ["20.19.0", "22.3.0", "26.10.0"]) {
    checkNodeVersion({ versions: { node }, getBuiltinModule });
  }
  const tooOld = [
    { versions: { node: "18.20.1" } },
    { versions: { node: "20.18.3" }, getBuiltinModule },
    { versions: { node: "21.7.3" } },
  ];
  for (const process of tooOld) {
    const error = assertThrows(() => checkNodeVersion(process), Error);
    assertEquals(
      error.message,
      `Deferno needs Node.js 20.19 or newer, of 22 at least 22.3: this is ${process.versions.node}`,
    );
  }
});

Deno.test("to listen on a name is refused at the call, and why", () => {
  assertEquals(
    refusal({ hostname: "example.invalid", port: 80 }).message,
    "Cannot listen on example.invalid:80: a name cannot be looked up at once on Node.js, which needs an address",
  );
});

Deno.test("to share a port is refused at the call, and why", () => {
  assertEquals(
    refusal({ port: 80, reusePort: true }).message,
    "Cannot listen on 127.0.0.1:80: a port cannot be shared with other processes on Node.js (reusePort)",
  );
});

Deno.test("a port in use is refused at the call, with the error's code", async () => {
  const listener = nodeBackend.listen(LOCAL);
  const { port } = listener.address;
  const error = refusal({ port });
  assertEquals(
    error.message,
    `Cannot listen on 127.0.0.1:${port}: address already in use`,
  );
  assertEquals((error.cause as { code?: string }).code, "EADDRINUSE");
  await listener.close();
});

Deno.test("localhost and addresses in brackets can be listened on", async () => {
  for (
    const [hostname, host] of [["localhost", "127.0.0.1"], ["[::1]", "::1"]]
  ) {
    const listener = nodeBackend.listen({ ...LOCAL, hostname: hostname ?? "" });
    assertEquals(listener.address.host, host);
    await listener.close();
  }
});

Deno.test("an empty host is no host, and not localhost", async () => {
  const error = await connect("", 80);
  assertEquals(error instanceof DNSLookupError, true);
  assertStringIncludes(`${error}`, "Cannot connect to :80: invalid empty host");
});

Deno.test("a connection comes from the local address that was chosen", async () => {
  const listener = nodeBackend.listen(LOCAL);
  const { port } = listener.address;
  const accepted = new Promise<Stream>((resolve) => {
    const readable = () => resolve(listener.accept() as Stream);
    listener.pollRead({ readable, writable() {} });
  });
  const stream = await connect("127.0.0.1", port, ["127.0.0.1", 0]) as Stream;
  const other = await accepted;
  assertEquals(other.remoteAddress, stream.localAddress);
  assertEquals(stream.remoteAddress, listener.address);
  assertEquals(other.localAddress, listener.address);
  stream.close();
  other.close();
  await listener.close();
});

Deno.test("a local address that is none is a ConnectBindError", async () => {
  const error = await connect("127.0.0.1", 1, ["no address", 0]);
  assertEquals(error instanceof ConnectBindError, true);
  assertStringIncludes(`${error}`, "Cannot connect from no address: ");
});

/** A program that connects to a port, and resets the connection. */
function resetting(port: number): string {
  return `const { connect } = require("node:net");
    const socket = connect(${port}, "127.0.0.1", () => socket.resetAndDestroy());`;
}

Deno.test("a connection that is reset before it can be accepted is not handed out", async () => {
  const listener = nodeBackend.listen(LOCAL);
  const { port } = listener.address;
  // Node accepts what comes at once, but nothing while it waits for a program.
  execFileSync(process.execPath, ["-e", resetting(port)]);
  const accepted = new Promise<Stream>((resolve) => {
    const readable = () => resolve(listener.accept() as Stream);
    listener.pollRead({ readable, writable() {} });
  });
  const stream = await connect("127.0.0.1", port) as Stream;
  const other = await accepted;
  assertEquals(other.remoteAddress, stream.localAddress);
  stream.close();
  other.close();
  await listener.close();
});

Deno.test({
  name:
    "a stderr that nobody reads any more ends no program, once the log has written to it",
  // console.error of Deno is not Node's.
  ignore: "deno" in process.versions,
  fn() {
    const { error } = console;
    console.error = () => {};
    try {
      const before = process.stderr.listenerCount("error");
      const log = createLog();
      log.err(new Failure(new Error("boom")));
      log.err(new Failure(new Error("boom")));
      assertEquals(process.stderr.listenerCount("error") - before, 1);
    } finally {
      console.error = error;
    }
  },
});
