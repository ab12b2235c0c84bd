import { assertEquals, assertStringIncludes } from "@std/assert";
import { checkImports } from "../../scripts/check_imports.ts";

/** What the check finds in a project of these files, as `where what` lines. */
async function check(files: Record<string, string>): Promise<string[]> {
  const root = await Deno.makeTempDir();
  try {
    const imports = { "@std/assert": "npm:deno-std@1.4.0/assert/mod.js" };
    const all = { "deno.json": JSON.stringify({ imports }), ...files };
    for (const [path, text] of Object.entries(all)) {
      const file = `${root}/${path}`;
      await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), {
        recursive: true,
      });
      await Deno.writeTextFile(file, text);
    }
    const findings = await checkImports(root);
    return findings.map(({ where, what }) => `${where} ${what}`);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Files that others can import without breaking anything. */
const LIBRARY = {
  "defer/deferred.ts": "export class Deferred {}",
  "reactor/sockets/socket.ts":
    'import "../defer/deferred.ts"; export class Socket {}; export type S = 1;',
  "mod.ts": 'export * from "./defer/deferred.ts";',
};

Deno.test("imports that point down are found right", async () => {
  assertEquals(
    await check({
      ...LIBRARY,
      "cli/command_line.ts":
        'import "npm:deno-std@1.4.0/cli/parse_args.js"; import "../mod.ts";',
      "clients/get-poetry-2.ts":
        'import "../mod.ts"; import "../poetry/command_line.ts";',
      "clients/get-poetry-1.ts": 'import "../reactor/socket.ts";',
      "reactor/backends/node/backend.ts": 'import "node:net";',
      "tests/a_test.ts": 'import "@std/assert"; import "../defer/deferred.ts";',
      "scripts/build_npm.ts": 'import "jsr:@deno/dnt@^0.43.0";',
    }),
    [],
  );
});

Deno.test("an import that points up is named with its line", async () => {
  assertEquals(
    await check({
      ...LIBRARY,
      "defer/promise.ts":
        '// bridge\nimport type { S } from "../reactor/socket.ts"; export type T = S;',
    }),
    ["defer/promise.ts:2 imports ../reactor/socket.ts"],
  );
});

Deno.test("programs import the library from mod.ts", async () => {
  assertEquals(
    await check({
      ...LIBRARY,
      "clients/get-poetry-2.ts": 'import "../reactor/socket.ts";',
      "examples/twisted.ts": 'import "../defer/deferred.ts";',
      "server/slowpoetry.ts": 'import "../clients/get-poetry-2.ts";',
    }),
    [
      "clients/get-poetry-2.ts:1 imports ../reactor/socket.ts",
      "examples/twisted.ts:1 imports ../defer/deferred.ts",
      "server/slowpoetry.ts:1 imports ../clients/get-poetry-2.ts",
    ],
  );
});

Deno.test("what stands outside the project is found where it may not be", async () => {
  assertEquals(
    await check({
      "defer/a.ts": 'import "@std/assert";',
      "defer/b.ts": 'import "npm:left-pad";',
      "reactor/c.ts": 'import "node:net";',
      "reactor/d.ts": 'import "jsr:@std/assert";',
      "clients/e.ts": 'import "npm:deno-std@1.4.0/cli/parse_args.js";',
      "tests/f_test.ts": 'import "https://example.com/mod.ts";',
    }),
    [
      "clients/e.ts:1 imports npm:deno-std@1.4.0/cli/parse_args.js",
      "defer/a.ts:1 imports @std/assert",
      "defer/b.ts:1 imports npm:left-pad",
      "reactor/c.ts:1 imports node:net",
      "reactor/d.ts:1 imports jsr:@std/assert",
      "tests/f_test.ts:1 imports https://example.com/mod.ts",
    ],
  );
});

Deno.test("a bare name that deno.json doesn't know is found too", async () => {
  assertEquals(await check({ "clients/a.ts": 'import "left-pad";' }), [
    "clients/a.ts:1 imports left-pad",
  ]);
});

Deno.test("the flag parser is imported in one file", async () => {
  const parser = 'import "npm:deno-std@1.4.0/cli/parse_args.js";';
  assertEquals(await check({ "poetry/a.ts": parser, "scripts/b.ts": parser }), [
    "poetry/a.ts:1 imports npm:deno-std@1.4.0/cli/parse_args.js",
    "scripts/b.ts:1 imports npm:deno-std@1.4.0/cli/parse_args.js",
  ]);
});

Deno.test("a circle is shown once, with the whole way round", async () => {
  assertEquals(
    await check({
      "reactor/a.ts": 'import "./b.ts";',
      "reactor/b.ts": 'import "./tcp/c.ts"; import "./leaf.ts";',
      "reactor/tcp/c.ts": 'export * from "../a.ts";',
      "reactor/leaf.ts": "export {};",
    }),
    [
      "reactor/a.ts imports itself: " +
      "reactor/a.ts → reactor/b.ts → reactor/tcp/c.ts → reactor/a.ts",
    ],
  );
});

Deno.test("an import of types closes no circle", async () => {
  assertEquals(
    await check({
      "defer/a.ts": 'import "./b.ts"; export type A = 1;',
      "defer/b.ts": 'import type { A } from "./a.ts"; export type B = A;',
    }),
    [],
  );
});

Deno.test("the command names the rule and fails", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${root}/deno.json`, "{}");
    await Deno.mkdir(`${root}/defer`);
    await Deno.writeTextFile(`${root}/defer/a.ts`, 'import "../mod.ts";');
    await Deno.writeTextFile(`${root}/mod.ts`, "export {};");
    const script = new URL("../../scripts/check_imports.ts", import.meta.url);
    const permissions = ["--allow-read", "--allow-write", "--allow-run"];
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", ...permissions, script.href],
      cwd: root,
    }).output();
    assertEquals(code, 1);
    const text = new TextDecoder().decode(stderr);
    assertStringIncludes(text, "defer/a.ts:1 imports ../mod.ts\n    defer/");
    assertStringIncludes(text, "1 of the imports breaks a rule.");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
