import { assertEquals } from "@std/assert";
import { runClient } from "../support/programs.ts";
import { sends, startServer } from "../support/servers.ts";

/** The calls in a stack, from the first to the last. */
function calls(stack: string): string[] {
  return [...stack.matchAll(/^ +at (?:async )?([\w.#]+) \(/gm)]
    .map(([, name = ""]) => name).toReversed();
}

/** Whether `wanted` stand in `actual` in this order, with anything in between. */
function inOrder(actual: string[], wanted: string[]): boolean {
  const rest = actual.values();
  return wanted.every((name) => rest.some((call) => call === name));
}

Deno.test("the stack leads from the reactor's loop to dataReceived", async () => {
  await using server = await startServer(sends("poem"));
  const { stdout } = await runClient("2-stack", [server.address]);
  const wanted = [
    "main",
    "Reactor.run",
    "Connection.doRead",
    "PoetryProtocol.dataReceived",
  ];
  assertEquals(inOrder(calls(stdout), wanted), true, stdout);
});

Deno.test("the stack leads from the reactor's loop through the deferred to gotPoem", async () => {
  await using server = await startServer(sends("poem"));
  const { stdout } = await runClient("4-stack", [server.address]);
  const wanted = [
    "main",
    "Reactor.run",
    "Connection.connectionLost",
    "PoetryProtocol.connectionLost",
    "PoetryClientFactory.poemFinished",
    "Deferred.callback",
    "gotPoem",
  ];
  assertEquals(inOrder(calls(stdout), wanted), true, stdout);
});

Deno.test("a client with a stack ends at once, whoever else is still sending", async () => {
  await using silent = await startServer((socket) => void socket.write("h"));
  await using server = await startServer(sends("poem"));
  for (const version of ["2-stack", "4-stack"]) {
    const addresses = [silent.address, server.address];
    const { code, stderr } = await runClient(version, addresses);
    assertEquals({ code, stderr }, { code: 0, stderr: "" }, version);
  }
});
