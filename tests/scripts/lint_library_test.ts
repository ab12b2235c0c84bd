import { assertEquals } from "@std/assert";
import plugin from "../../scripts/lint_library.ts";
import { importsOf, listSources } from "../../scripts/sources.ts";
import { projectPath } from "../support/programs.ts";

/** What the plugin finds in a file of this name and content. */
function lint(path: string, source: string): Deno.lint.Diagnostic[] {
  const file = new URL(`../../${path}`, import.meta.url).pathname;
  return Deno.lint.runPlugin(plugin, file, source);
}

/** The rules that a file of this name and content breaks. */
function rules(path: string, source: string): string[] {
  return lint(path, source).map(({ id }) => id);
}

const LAYERS = "deferno/layers";
const OUTSIDE = "deferno/outside-imports";

/** The imports that break the rule for layers, with the files that make them. */
function wrong(imports: [file: string, specifier: string][]): string[] {
  return imports.flatMap(([file, specifier]) =>
    rules(file, `export * from "${specifier}";`).map((rule) => {
      assertEquals(rule, LAYERS);
      return `${file} ${specifier}`;
    })
  );
}

Deno.test("lint: imports that point down are accepted", () => {
  assertEquals(
    wrong([
      ["defer/deferred.ts", "./failure.ts"],
      ["reactor/errors.ts", "../defer/mod.ts"],
      ["reactor/errors.ts", "./addresses.ts"],
      ["reactor/backend.ts", "./errors.ts"],
      ["reactor/loop/poller.ts", "../interfaces.ts"],
      ["reactor/backends/deno/lookup.ts", "../node/lookup.ts"],
      ["reactor/transport/connection.ts", "../loop/descriptors.ts"],
      ["reactor/transport/web_streams.ts", "./connection.ts"],
      ["reactor/protocol/protocol.ts", "../transport/connector.ts"],
      ["reactor/reactor.ts", "./transport/port.ts"],
      ["reactor/default.ts", "./reactor.ts"],
      ["reactor/endpoints/mod.ts", "../transport/tcp.ts"],
      ["reactor/testing/memory_reactor.ts", "../task/clock.ts"],
      ["reactor/sockets/socket.ts", "../default.ts"],
      ["mod.ts", "./reactor/sockets/socket.ts"],
      ["mod.ts", "./reactor/reactor.ts"],
      ["testing.ts", "./reactor/testing/mod.ts"],
      ["cli/command_line.ts", "../mod.ts"],
      ["clients/get-poetry-2.ts", "../mod.ts"],
      ["clients/get-poetry-2.ts", "../cli/command_line.ts"],
      [
        "examples/later/poetry-server.ts",
        "../../server/shared/server_arguments.ts",
      ],
      ["server/slowpoetry.ts", "./shared/serve.ts"],
      ["examples/exercises/part-4-1.ts", "../../clients/shared/pieces.ts"],
      ["examples/simple-other.ts", "../reactor/backends/node/backend.ts"],
      ["tests/a_test.ts", "../defer/deferred.ts"],
    ]),
    [],
  );
});

Deno.test("lint: an import that points up is an error, with its line", () => {
  const up: [string, string][] = [
    ["defer/deferred.ts", "../reactor/errors.ts"],
    ["defer/deferred.ts", "../mod.ts"],
    ["reactor/errors.ts", "../mod.ts"],
    ["reactor/errors.ts", "./backend.ts"],
    ["reactor/interfaces.ts", "./loop/delayed_call.ts"],
    ["reactor/loop/poller.ts", "../transport/connection.ts"],
    ["reactor/backends/unix/lock.ts", "../../endpoints/mod.ts"],
    ["reactor/transport/port.ts", "../protocol/protocol.ts"],
    ["reactor/transport/web_streams.ts", "../reactor.ts"],
    ["reactor/protocol/protocol.ts", "../reactor.ts"],
    ["reactor/reactor.ts", "./default.ts"],
    ["reactor/policies/throttling.ts", "../testing/mod.ts"],
    ["reactor/sockets/select.ts", "../mod.ts"],
    ["reactor/transport/tcp.ts", "../tcp/ports.ts"],
    ["mod.ts", "./cli/command_line.ts"],
    ["cli/command_line.ts", "../poetry/program.ts"],
    ["cli/command_line.ts", "../clients/get-poetry-2.ts"],
    ["examples/stack.ts", "../clients/get-poetry-2.ts"],
    ["examples/later/poetry-server.ts", "../../server/shared/serve.ts"],
  ];
  assertEquals(wrong(up), up.map((made) => made.join(" ")));
  const source = '// bridge\nimport "../reactor/errors.ts";';
  const [found] = lint("defer/deferred.ts", source);
  assertEquals(found?.range, [10, source.length]);
  assertEquals(found?.message, "defer/ may not import reactor/errors.ts");
});

Deno.test("lint: neighbours in a layer share types, and nothing else", () => {
  const neighbours: [string, string][] = [
    ["reactor/interfaces.ts", "./backend.ts"],
    ["reactor/loop/poller.ts", "../backends/errors.ts"],
    ["reactor/task/react.ts", "../endpoints/mod.ts"],
    ["reactor/sockets/select.ts", "../testing/mod.ts"],
  ];
  for (const [file, specifier] of neighbours) {
    assertEquals(rules(file, `import { A } from "${specifier}";`), [LAYERS]);
    assertEquals(rules(file, `import type { A } from "${specifier}";`), []);
  }
  const higher = 'import type { Port } from "../transport/port.ts";';
  assertEquals(rules("reactor/loop/poller.ts", higher), [LAYERS]);
});

Deno.test("lint: re-exports, import() and types in place are imports too", () => {
  for (
    const source of [
      'export * from "../mod.ts";',
      'export { a } from "../mod.ts";',
      'const a = await import("../mod.ts");',
      'type A = import("../mod.ts").Reactor;',
    ]
  ) assertEquals(rules("reactor/errors.ts", source), [LAYERS]);
});

Deno.test("lint: programs import the library from mod.ts", () => {
  const source = 'import "../reactor/sockets/socket.ts";';
  for (const client of ["blocking", "async", "1", "1-broken"]) {
    assertEquals(rules(`clients/get-poetry-${client}.ts`, source), []);
  }
  for (const file of ["clients/get-poetry-2.ts", "server/fastpoetry.ts"]) {
    assertEquals(rules(file, source), [LAYERS]);
  }
  const deferred = 'import "../defer/deferred.ts";';
  assertEquals(rules("examples/twisted.ts", deferred), [LAYERS]);
  const client = 'import "../clients/get-poetry-2.ts";';
  assertEquals(rules("server/slowpoetry.ts", client), [LAYERS]);
});

Deno.test("lint: what the library and the programs import from outside", () => {
  const parser = "npm:deno-std@1.4.0/cli/parse_args.js";
  const allowed: [string, string][] = [
    ["cli/command_line.ts", parser],
    ["tests/a_test.ts", "@std/assert"],
    ["tests/a_test.ts", "node:net"],
    ["scripts/build_npm.ts", "jsr:@deno/dnt@^0.43.0"],
  ];
  for (const [file, specifier] of allowed) {
    assertEquals(rules(file, `import "${specifier}";`), []);
  }
  const refused: [string, string][] = [
    ["defer/a.ts", "@std/assert"],
    ["defer/b.ts", "npm:left-pad"],
    ["reactor/c.ts", "node:net"],
    ["reactor/backends/node/backend.ts", "node:net"],
    ["reactor/backends/tls/stream.ts", "node:tls"],
    ["reactor/d.ts", "jsr:@std/assert"],
    ["clients/a.ts", "left-pad"],
    ["clients/e.ts", parser],
    ["server/shared/serve.ts", parser],
    ["cli/command_line.ts", "npm:left-pad"],
    ["scripts/b.ts", parser],
    ["scripts/b.ts", "jsr:@std/assert"],
    ["tests/f_test.ts", "https://example.com/mod.ts"],
    ["tests/f_test.ts", "/mod.ts"],
  ];
  for (const [file, specifier] of refused) {
    assertEquals(rules(file, `import "${specifier}";`), [OUTSIDE], specifier);
  }
});

Deno.test("cli: one file imports the flag parser, for all programs", async () => {
  const files = [];
  for (const file of await listSources(projectPath("cli"))) {
    const text = await Deno.readTextFile(projectPath(`cli/${file}`));
    const imports = importsOf(`cli/${file}`, text);
    if (imports.some(({ to }) => to.startsWith("npm:"))) files.push(file);
  }
  assertEquals(files.length, 1, `${files}`);
});

Deno.test("lint: backends import only types from node:, and nobody else does", () => {
  const file = "reactor/backends/tls/stream.ts";
  assertEquals(rules(file, 'import type { TLSSocket } from "node:tls";'), []);
  assertEquals(rules(file, 'type A = typeof import("node:tls");'), []);
  const elsewhere = "reactor/transport/tls.ts";
  const source = 'import type { TLSSocket } from "node:tls";';
  assertEquals(rules(elsewhere, source), [OUTSIDE]);
});

for (const folder of ["defer/", "reactor/"]) {
  // Between the layers the rule above leaves no circle, so these are within one.
  Deno.test(`${folder}: no file imports itself by way of others`, async () => {
    const imports = new Map<string, string[]>();
    for (const file of await listSources(projectPath(""))) {
      if (!file.startsWith(folder)) continue;
      const text = await Deno.readTextFile(projectPath(file));
      const atRunTime = importsOf(file, text).filter((made) => !made.typeOnly);
      imports.set(file, atRunTime.map(({ to }) => to));
    }
    const finished = new Set<string>();
    function visit(file: string, path: string[]): void {
      const circle = path.includes(file) ? path.slice(path.indexOf(file)) : [];
      assertEquals(circle, []);
      if (finished.has(file)) return;
      for (const to of imports.get(file) ?? []) visit(to, [...path, file]);
      finished.add(file);
    }
    for (const file of imports.keys()) visit(file, []);
  });
}

Deno.test("lint: the imports of a file are read with what they lead to", () => {
  const text = `/** import "./no.ts" */
/**
 * import { no } from "@deferno/deferno";
 */
import { a } from "../mod.ts";
import type {
  b,
  c,
} from "./b.ts";
import "node:net";
export * from "./c.ts";
export const no = "./no.ts";
type D = typeof import("node:tls");
const d = await import("./d.ts");
// import("./no.ts")
`;
  const made = importsOf("reactor/a.ts", text);
  assertEquals(made.map(({ to, typeOnly }) => [to, typeOnly]), [
    ["mod.ts", false],
    ["reactor/b.ts", true],
    ["node:net", false],
    ["reactor/c.ts", false],
    ["node:tls", true],
    ["reactor/d.ts", false],
  ]);
});

Deno.test("lint: the library names Deno in its backends and nowhere else", () => {
  const source = "export const c = (): Deno.Conn => Deno.connect(options);";
  const found = "deferno/no-runtime-names";
  assertEquals(rules("reactor/sockets/socket.ts", source), [found, found]);
  assertEquals(rules("reactor/transport/port.ts", source), [found, found]);
  assertEquals(rules("defer/log.ts", "f(() => globalThis.Deno);"), [found]);
  assertEquals(rules("reactor/backends/deno/backend.ts", source), []);
  assertEquals(rules("reactor/backends/host_time.ts", source), []);
  assertEquals(rules("clients/get-poetry-2.ts", source), []);
  assertEquals(rules("tests/reactor/transport/port_test.ts", source), []);
});

Deno.test("lint: a comment or a string names nothing", () => {
  const source = "// Deno\nexport const s = 'Deno' + `Deno`;";
  assertEquals(rules("reactor/sockets/socket.ts", source), []);
});

Deno.test("lint: the library touches no runtime while it is loaded", () => {
  const found = "deferno/no-host-at-load";
  const file = "reactor/backends/deno/unix.ts";
  const atLoad = [
    "export const a = Deno.pid;",
    "export const a = { pid: Deno.pid };",
    "export const a = process.platform;",
    'if (typeof window === "object") f(1);',
    "f(document as unknown);",
    "export const a = [globalThis.b];",
    "class A { static b = Deno.pid; }",
    "class A { static { Deno.exit(); } }",
  ];
  for (const source of atLoad) {
    assertEquals(rules(file, source), [found], source);
  }
  const later = [
    "export const a = () => Deno.pid;",
    "export const a = { get pid() { return Deno.pid; } };",
    "export function a(): number { return process.pid; }",
    "export class A { b = Deno.pid; c(): unknown { return document; } }",
    "export type A = Deno.Conn; export type B = typeof process;",
    "export const a = { process: 1 }; a.process;",
    "export class A extends B<Deno.Conn> { process(): void {} }",
  ];
  for (const source of later) assertEquals(rules(file, source), [], source);
  assertEquals(rules("tests/a_test.ts", "Deno.pid;"), []);
});

Deno.test("lint: defer/ has no timers, but for one file", () => {
  const source = "setTimeout(() => globalThis.setInterval(f));";
  const found = "deferno/no-timers-in-defer";
  assertEquals(rules("defer/deferred.ts", source), [found, found]);
  assertEquals(rules("defer/host.ts", "const f = () => setTimeout(g);"), []);
  assertEquals(rules("reactor/task/clock.ts", source), []);
});

Deno.test("lint: a mod.ts only exports what other files hold", () => {
  const good = 'export * from "./a.ts"; export { b, type C } from "./b.ts";';
  assertEquals(rules("defer/mod.ts", good), []);
  const found = "deferno/mod-only-exports";
  const source = 'import { a } from "./defer/a.ts"; export { a };';
  assertEquals(rules("mod.ts", source), [found, found]);
  assertEquals(rules("mod.ts", "export const a = 1;"), [found]);
});
