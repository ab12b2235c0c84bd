import { assertEquals, assertStringIncludes } from "@std/assert";
import { runClient, startSlowServer } from "../support/programs.ts";
import { expectAll, STACK_OF_DATA, STACK_OF_POEM } from "./expectations.ts";

function hasIPv6(): boolean {
  try {
    Deno.listen({ hostname: "::1", port: 0 }).close();
    return true;
  } catch {
    return false;
  }
}

Deno.test({
  name: "a poem can be had over IPv6",
  ignore: !hasIPv6(),
  async fn() {
    await using server = await startSlowServer("poetry/science.txt", [
      "--delay=0",
      "--num-bytes=1000",
      "--iface=::1",
    ]);
    const address = `[::1]:${server.port}`;
    const { code, stdout } = await runClient("blocking", [address]);
    assertEquals(code, 0);
    assertStringIncludes(
      stdout,
      `Task 1: got 648 bytes of poetry from ${address} in`,
    );
    assertStringIncludes(server.stdout.text, "Somebody at ('::1', ");

    const poem = await Deno.readTextFile("poetry/science.txt");
    const peer = `IPv6Address(type='TCP', host='::1', port=${server.port}, ` +
      "flowInfo=0, scopeID=0)";
    const got = (from: string) =>
      new RegExp(
        `^Task 1: got 648 bytes of poetry from ${RegExp.escape(from)}\n[^]*` +
          "Task 1: 648 bytes of poetry\nGot 1 poems in TIME\n$",
      );
    await expectAll([address], {
      "async 1 1-broken": { stdout: got(address) },
      "2": { stdout: got(peer) },
      "2-stack": { stdout: STACK_OF_DATA },
      "2.1 3 3.1 4": { stdout: `${poem}\n` },
      "4-stack": { stdout: STACK_OF_POEM },
      "5 5.1": { stdout: `${poem.toLowerCase()}\n` },
    });
  },
});
