import { assertEquals, assertLess } from "@std/assert";
import { bundleOf } from "../support/bundles.ts";
import { tempFolder } from "../support/temp_folder.ts";

Deno.test("bundle: Deferred alone takes less than 14 kB", async () => {
  const text = await bundleOf(
    `import { Deferred } from "LIBRARY/defer/mod.ts";
     console.log(new Deferred());`,
  );
  assertLess(new TextEncoder().encode(text).length, 14_000);
});

const UNHANDLED = `import { Deferred } from "LIBRARY/defer/mod.ts";
new Deferred().errback(new Error("no poem"));
console.log("the end");`;

const REPORT =
  "Unhandled error in Deferred:\nTraceback (failure with no frames):\nError: no poem\n";

function isInstalled(command: string): boolean {
  try {
    return new Deno.Command(command, { args: ["--version"] }).outputSync()
      .success;
  } catch {
    return false;
  }
}

const RUNTIMES: Record<string, string[]> = {
  deno: ["run", "--no-config"],
  node: [],
  bun: [],
};

for (const [name, args] of Object.entries(RUNTIMES)) {
  Deno.test({
    name:
      `bundle: Deferred alone tells of unhandled errors at the end of a program, on ${name}`,
    ignore: name !== "deno" && !isInstalled(name),
    async fn() {
      using folder = tempFolder();
      const file = `${folder.path}/program.mjs`;
      await Deno.writeTextFile(file, await bundleOf(UNHANDLED));
      const command = name === "deno" ? Deno.execPath() : name;
      const program = new Deno.Command(command, {
        args: [...args, file],
        env: { NO_COLOR: "1" },
      });
      const { code, stdout, stderr } = await program.output();
      const [out, err] = [stdout, stderr].map((bytes) =>
        new TextDecoder().decode(bytes)
      );
      assertEquals([code, out, err], [0, "the end\n", REPORT]);
    },
  });
}
