import { assertEquals } from "@std/assert";
import { CLIENT_PERMISSIONS, Program, runClient } from "../support/programs.ts";
import { startServer, type TestServer } from "../support/servers.ts";

/** A server that sends the rest of its poem when it is told to. */
async function startHalting(rest: Promise<void>): Promise<TestServer> {
  return await startServer((socket) => {
    socket.write("half");
    rest.then(() => socket.end("half"));
  });
}

function startReading(version: string, port: number): Program {
  const args = [version, `${port}`];
  const file = "tests/clients/timer_while_reading.ts";
  return new Program(file, args, CLIENT_PERMISSIONS);
}

Deno.test("a timer fires while client 1.0 reads a poem", async () => {
  const rest = Promise.withResolvers<void>();
  await using server = await startHalting(rest.promise);
  await using program = startReading("1", server.port);
  await program.stdout.waitFor(/The timer fires/);
  rest.resolve();
  const { code, stdout, stderr } = await program.outcome();
  const got = `Task 1: got 4 bytes of poetry from ${server.address}`;
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  // On a busy machine the short reading alone may take longer than the timer.
  assertEquals(stdout.replace("The timer is overdue\n", "").split("\n"), [
    "doRead begins",
    got,
    "The timer fires",
    "doRead begins",
    got,
    "doRead begins",
    "Task 1 finished",
    "",
  ]);
});

Deno.test("no timer fires while client 1-broken reads a poem", async () => {
  const rest = Promise.withResolvers<void>();
  await using server = await startHalting(rest.promise);
  await using program = startReading("1-broken", server.port);
  await program.stdout.waitFor(/doRead begins/);
  // Time in which a timer would fire, if it could: that it does nothing is the point.
  await new Promise((resolve) => setTimeout(resolve, 100));
  rest.resolve();
  const { code, stdout, stderr } = await program.outcome();
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertEquals(stdout.split("\n"), [
    "doRead begins",
    `Task 1: got 8 bytes of poetry from ${server.address}`,
    "The timer is overdue",
    "The timer fires",
    "",
  ]);
});

Deno.test("client 1-broken needs no permission but for its servers", async () => {
  await using server = await startServer((socket) => socket.end("poem"));
  const permissions = [`--allow-net=${server.address}`];
  const { code, stderr } = await runClient(
    "1-broken",
    [server.address],
    permissions,
  );
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
});
