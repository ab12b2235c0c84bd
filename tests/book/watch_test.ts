import { assertEquals, assertMatch } from "@std/assert";
import { dirname, join, relative } from "node:path/posix";
import { LOCK, SCRIPTS } from "../../book/build/bundle.ts";
import { buildFiles } from "../../book/build.ts";
import { isSource } from "../../book/watch.ts";
import { projectPath } from "../support/programs.ts";

const ROOT = projectPath("").replace(/\/$/, "");

/** What is read of the checkout while a function runs. */
async function readBy(fn: () => Promise<unknown>): Promise<Set<string>> {
  const read = new Set<string>();
  const names = ["readTextFileSync", "readFileSync", "readDirSync"] as const;
  const originals = names.map((name) => [name, Deno[name]] as const);
  for (const [name, original] of originals) {
    Reflect.set(Deno, name, (path: string) => {
      const content: unknown = Reflect.apply(original, Deno, [path]);
      read.add(relative(ROOT, path));
      return content;
    });
  }
  try {
    await fn();
  } finally {
    for (const [name, original] of originals) Reflect.set(Deno, name, original);
  }
  return read;
}

/** The files of the checkout that a module is made of. */
async function modulesOf(path: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", LOCK, "--json", path],
    cwd: ROOT,
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout));
  return modules.map(({ local }: { local?: string }) => local ?? "")
    .filter((local: string) => local.startsWith(`${ROOT}/`))
    .map((local: string) => relative(ROOT, local));
}

Deno.test("book: all that it is built from is watched, and not what is built", async () => {
  const out = await Deno.makeTempDir();
  try {
    const read = await readBy(() => buildFiles(ROOT, out));
    for (const entry of ["book/build.ts", ...Object.values(SCRIPTS)]) {
      for (const path of await modulesOf(entry)) read.add(path);
    }
    const { size } = read.intersection(
      new Set(["docs/part-1.md", "scripts/figures/drawing.ts", "deno.json"]),
    );
    assertEquals(size, 3);
    assertEquals([...read].filter((path) => !isSource(path)), []);
    assertEquals(isSource("book/site/index.html"), false);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});

/** Copies what Git knows of the checkout. */
async function copyCheckout(to: string): Promise<void> {
  const { stdout } = await new Deno.Command("git", {
    args: ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    cwd: ROOT,
  }).output();
  const paths = new TextDecoder().decode(stdout).split("\0");
  for (const path of paths.filter((path) => path !== "")) {
    await Deno.mkdir(join(to, dirname(path)), { recursive: true });
    await Deno.copyFile(join(ROOT, path), join(to, path));
  }
}

Deno.test("book: it is built again when a file changes", {
  timeout: 180_000,
}, async () => {
  const root = await Deno.makeTempDir();
  await copyCheckout(root);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", LOCK, "--quiet", "--allow-all", "book/serve.ts"],
    cwd: root,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  try {
    const lines = child.stdout.pipeThrough(new TextDecoderStream())
      [Symbol.asyncIterator]();
    const [url = ""] = /http:\S+/.exec((await lines.next()).value ?? "") ?? [];
    const page = `${url}source/scripts/figures/drawing.ts.html`;
    const file = join(root, "scripts/figures/drawing.ts");
    await Deno.writeTextFile(file, "// Written anew\n", { append: true });
    assertEquals((await lines.next()).value, "Built again.\n");
    assertMatch(await (await fetch(page)).text(), /Written anew/);
  } finally {
    child.kill();
    await child.stdout.cancel().catch(() => {});
    await child.status;
    await Deno.remove(root, { recursive: true });
  }
});
