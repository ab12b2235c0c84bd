import { assertEquals } from "@std/assert";
import { runUnheard } from "../../support/output.ts";

for (
  const name of ["defer-10", "defer-11", "defer-cancel", "queues-and-locks"]
) {
  const args = [`examples/later/${name}.ts`];

  Deno.test(`${name}: ends quietly when nobody reads what it prints`, async () => {
    const { code, stderr } = await runUnheard("unread", args);
    assertEquals({ code, stderr }, { code: 141, stderr: "" });
  });

  Deno.test(`${name}: says that its output cannot be written`, async () => {
    const { code, stderr } = await runUnheard("fullDisk", args);
    const complaint = "error: Cannot print: no space left on device.\n";
    assertEquals({ code, stderr }, { code: 1, stderr: complaint });
  });
}
