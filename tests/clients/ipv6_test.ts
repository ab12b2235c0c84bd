import { assertEquals, assertStringIncludes } from "@std/assert";
import { runClient, startSlowServer } from "../support.ts";

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
      "--num-bytes=100",
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
  },
});
