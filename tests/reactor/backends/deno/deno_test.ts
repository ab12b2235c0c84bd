import { assertEquals, assertThrows } from "@std/assert";
import {
  CannotListenError,
  ConnectError,
  ConnectionRefusedError,
  DNSLookupError,
  Factory,
  NoRouteError,
  Protocol,
  TCPTimedOutError,
} from "../../../../mod.ts";
import { denoBackend } from "../../../../reactor/backends/deno/backend.ts";
import {
  DenoTCPStream,
  reasonOf,
} from "../../../../reactor/backends/deno/stream.ts";
import {
  connectError,
  listenError,
  lostError,
} from "../../../../reactor/backends/errors.ts";
import { Program } from "../../../support/programs.ts";
import { makeReactor } from "../../../support/reactors.ts";
import { ready } from "../../../support/sockets.ts";

Deno.test("Deno backend: two ports cannot share one number without Deno's flag for it", () => {
  const { reactor } = makeReactor({ backend: denoBackend });
  const factory = Factory.forProtocol(Protocol);
  assertThrows(
    () => reactor.listenTCP(0, factory, { reusePort: true }),
    CannotListenError,
    "needs deno run --unstable-net",
  );
  assertEquals(factory.numPorts, 0);
});

Deno.test("Deno backend: two ports can share one number with the flag", async () => {
  const file = "tests/reactor/programs/life.ts";
  const permissions = ["--allow-net", "--unstable-net"];
  await using program = new Program(file, ["shared port"], permissions);
  const { code, stdout, stderr } = await program.outcome();
  assertEquals([code, stdout, stderr], [0, "run returned\n", ""]);
});

const TO = { hostname: "localhost", port: 80 };

Deno.test("Deno backend: each reason not to connect has its class", () => {
  const { errors } = Deno;
  const cases: [Error, typeof ConnectError | typeof DNSLookupError][] = [
    [new errors.ConnectionRefused("Refused"), ConnectionRefusedError],
    [new errors.TimedOut("Timed out"), TCPTimedOutError],
    [new errors.NetworkUnreachable("Unreachable"), NoRouteError],
    [new Error("Network is unreachable (os error 101)"), NoRouteError],
    [new Error("failed to lookup address information"), DNSLookupError],
    [new URIError("invalid host"), DNSLookupError],
    [new Error("No route to host (os error 113)"), ConnectError],
    [new errors.NotCapable("Requires net access"), ConnectError],
  ];
  for (const [cause, type] of cases) {
    const error = connectError(TO, reasonOf(cause));
    assertEquals(error.constructor, type);
    assertEquals(error.cause, cause);
  }
});

Deno.test("Deno backend: messages say what failed, and why", () => {
  const cause = new Error("Permission denied (os error 13)");
  assertEquals(
    connectError({ hostname: "::1", port: 80 }, reasonOf(cause)).message,
    "Cannot connect to [::1]:80: permission denied",
  );
  const options = { ...TO, backlog: 50, reusePort: false };
  assertEquals(
    listenError(options, reasonOf(cause)).message,
    "Cannot listen on localhost:80: permission denied",
  );
  assertEquals(
    lostError(reasonOf(cause)).message,
    "The connection was lost: permission denied",
  );
});

Deno.test("Deno backend: a connection that is made in the moment in which it is given up is closed", async () => {
  const { connect } = Deno;
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const conn = await connect({ hostname: "127.0.0.1", port });
  const made = Promise.withResolvers<Deno.TcpConn>();
  const told: unknown[] = [];
  // As Deno does it: the connection of an aborted attempt is lost, and stays open.
  const connectAndLookBack = async ({ signal }: Deno.ConnectOptions) => {
    const conn = await made.promise;
    signal?.throwIfAborted();
    return conn;
  };
  Object.defineProperty(Deno, "connect", { value: connectAndLookBack });
  try {
    const options = { hostname: "127.0.0.1", port };
    const attempt = denoBackend.connect(options, (it) => told.push(it));
    made.resolve(conn);
    attempt.cancel();
  } finally {
    Object.defineProperty(Deno, "connect", { value: connect });
  }
  const accepted = await listener.accept();
  assertEquals(await accepted.read(new Uint8Array(1)), null);
  assertEquals(told, []);
  accepted.close();
  listener.close();
});

Deno.test("Deno backend: a connection that nobody has taken yet is closed with its port", async () => {
  const listener = denoBackend.listen({
    hostname: "127.0.0.1",
    port: 0,
    backlog: 5,
    reusePort: false,
  });
  const { host: hostname, port } = listener.address;
  const arrived = ready(denoBackend, "pollRead", listener);
  const conn = await Deno.connect({ hostname, port });
  await arrived;
  await listener.close();
  assertEquals(await conn.read(new Uint8Array(1)), null);
  conn.close();
});

Deno.test("Deno backend: a read that gives no bytes is no end", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const far = await Deno.connect({ hostname: "127.0.0.1", port });
  const conn = await listener.accept();
  const read = conn.read.bind(conn);
  const counts: (number | null)[] = [];
  conn.read = async (buffer) => {
    const count = counts.length === 0 ? 0 : await read(buffer);
    counts.push(count);
    return count;
  };
  const stream = new DenoTCPStream(conn);
  await far.write(new TextEncoder().encode("poem"));
  await ready(denoBackend, "pollRead", stream);
  assertEquals(stream.receive(100), new TextEncoder().encode("poem"));
  assertEquals(counts, [0, 4]);
  stream.close();
  far.close();
  listener.close();
});
