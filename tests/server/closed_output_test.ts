import { assertEquals } from "@std/assert";
import {
  type PoetryServer,
  projectPath,
  startPoetryServer,
} from "../support/programs.ts";
import { poemBytes, readPoem } from "./poetry_readers.ts";

const POEM = "poetry/science.txt";
const SERVERS: [file: string, options: string[]][] = [
  ["server/slowpoetry.ts", ["--delay=0", "--num-bytes=100"]],
  ["server/slowpoetry-reactor.ts", ["--delay=0", "--num-bytes=100"]],
  ["server/fastpoetry.ts", []],
  ["server/fastpoetry.ts", ["--workers=2"]],
];

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

for (const [file, options] of SERVERS) {
  const name = [file, ...options].join(" ");

  Deno.test(`${name} serves on when nobody reads what it says`, async () => {
    await using server: PoetryServer = await startPoetryServer(file, POEM, {
      options,
      permissions: ["-A", "--unstable-net"],
    });
    await server.stdout.close();
    for (let client = 0; client < 3; client++) {
      assertEquals(await readPoem(server.port), await poemBytes("science"));
    }
    assertEquals(server.stderr.text, "");
  });

  Deno.test(`${name} serves on, and says why once, where its output cannot be written`, async () => {
    const port = freePort();
    const run = ["run", "-A", "--unstable-net", file, ...options];
    await using server = new Deno.Command("sh", {
      args: [
        "-c",
        `exec "$@" >/dev/full`,
        "sh",
        Deno.execPath(),
        ...run,
        `--port=${port}`,
        POEM,
      ],
      cwd: projectPath(""),
      stdin: "null",
      stderr: "piped",
    }).spawn();
    await listening(port);
    for (let client = 0; client < 3; client++) {
      assertEquals(await readPoem(port), await poemBytes("science"));
    }
    server.kill("SIGTERM");
    const { stderr } = await server.output();
    const told = new TextDecoder().decode(stderr);
    const lines = new Set(told.split("\n").filter((line) => line !== ""));
    assertEquals([...lines], ["error: Cannot print: no space left on device."]);
    if (!options.includes("--workers=2")) {
      assertEquals(told.split("\n").length, 2);
    }
  });
}

async function listening(port: number): Promise<void> {
  while (true) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
