import { assertEquals, assertMatch } from "@std/assert";
import deno from "../deno.json" with { type: "json" };
import { linksOf } from "./examples/page.ts";
import { projectPath } from "./support/programs.ts";

const README = await Deno.readTextFile(projectPath("README.md"));

/** Whether a file is in the package that is published. */
function isPublished(file: string): boolean {
  return deno.publish.include.some((pattern) => {
    const [folder = "", name = ""] = pattern.split(/\*\*\/\*|\*/);
    return pattern.includes("*")
      ? file.startsWith(folder) && file.endsWith(name)
      : file === pattern;
  });
}

Deno.test("README.md: every link leads to a file that is published with it", () => {
  const links = linksOf(README);
  assertEquals(links.length > 5, true);
  assertEquals(links.filter((link) => !isPublished(link)), []);
});

/** Serves the project's files, as a host of a copy does. */
async function serve(request: Request): Promise<Response> {
  const file = new URL(request.url).pathname.slice(1);
  const headers = { "content-type": "text/typescript" };
  return new Response(await Deno.readTextFile(projectPath(file)), { headers });
}

Deno.test("README.md: a program imports the library by URL, with the command that stands there", async () => {
  const shown = /^```ts ignore\n(.*?)^```\n\n```sh\ndeno (.*?)\n```$/ms;
  const [, program = "", command = ""] = shown.exec(README) ?? [];
  assertMatch(command, /^run --allow-import=localhost:8000 program.ts$/);
  const folder = await Deno.makeTempDir();
  await using server = Deno.serve({ port: 0, onListen() {} }, serve);
  const here = (text: string) =>
    text.replaceAll("localhost:8000", `localhost:${server.addr.port}`);
  try {
    await Deno.writeTextFile(`${folder}/program.ts`, here(program));
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: here(command).split(" "),
      cwd: folder,
      env: { DENO_DIR: `${folder}/cache`, NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    assertEquals(
      [code, decoder.decode(stdout)],
      [0, "Ozymandias\n"],
      decoder.decode(stderr),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
