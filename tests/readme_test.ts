import { assertEquals, assertMatch } from "@std/assert";
import deno from "../deno.json" with { type: "json" };
import { linksOf } from "./examples/page.ts";
import { projectPath } from "./support/programs.ts";

const README = await Deno.readTextFile(projectPath("README.md"));

/** Whether a file, or a folder, is in the package that is published. */
function isPublished(path: string): boolean {
  return deno.publish.include.some((pattern) => {
    const [folder = "", name] = pattern.split("**/*");
    if (name !== undefined) {
      return path.startsWith(folder) && path.endsWith(name);
    }
    return pattern.endsWith("/") ? path.startsWith(pattern) : path === pattern;
  });
}

Deno.test("every link and picture of a published page leads to what is published with it", async () => {
  const pages = ["README.md"];
  for await (const { name } of Deno.readDir(projectPath("docs"))) {
    if (name.endsWith(".md")) pages.push(`docs/${name}`);
  }
  const dead: string[] = [];
  for (const page of pages) {
    const links = linksOf(await Deno.readTextFile(projectPath(page)));
    for (const link of links) {
      const { pathname } = new URL(link, `file:///${page}`);
      if (!isPublished(pathname.slice(1))) dead.push(`${page}: ${link}`);
    }
  }
  assertEquals(dead, []);
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
