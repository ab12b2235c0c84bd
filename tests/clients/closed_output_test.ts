import { assertEquals } from "@std/assert";
import { refusingAddress, sends, startServer } from "../support/servers.ts";
import { runUnheard } from "../support/output.ts";
import { VERSIONS } from "./expectations.ts";

const DISK_IS_FULL = "error: Cannot print: no space left on device.\n";

/** Their chance is lower case: a poem that has failed would not be printed. */
const NO_CHANCE = "--preload=data:text/javascript,Math.random=()=>0";

function client(version: string, address: string): string[] {
  const server = version === "endpoint" ? `tcp:${address}` : address;
  return [NO_CHANCE, `clients/get-poetry-${version}.ts`, server];
}

for (const version of ["blocking", ...VERSIONS, "endpoint"]) {
  Deno.test(`client ${version} ends quietly when nobody reads what it prints`, async () => {
    await using server = await startServer(sends("A poem.\n"));
    const ended = await runUnheard("unread", client(version, server.address));
    // As if SIGPIPE had ended it.
    assertEquals(ended, { code: 141, stderr: "" });
  });

  Deno.test(`client ${version} says that its output cannot be written`, async () => {
    await using server = await startServer(sends("A poem.\n"));
    const ended = await runUnheard("fullDisk", client(version, server.address));
    assertEquals(ended, { code: 1, stderr: DISK_IS_FULL });
  });
}

for (const version of ["2", "3.1", "4", "5", "5.1", "endpoint"]) {
  Deno.test(`client ${version} keeps its exit status where it cannot complain`, async () => {
    using refusing = await refusingAddress();
    const how = "fullDiskForErrors";
    const failed = await runUnheard(how, client(version, refusing.address));
    assertEquals(failed.code, 1);
    const misused = await runUnheard(how, client(version, "nowhere"));
    assertEquals(misused.code, 2);
  });
}

Deno.test("the help of a client can be read by halves", async () => {
  const ended = await runUnheard("unread", ["clients/get-poetry-4.ts"]);
  assertEquals(ended, { code: 141, stderr: "" });
});
