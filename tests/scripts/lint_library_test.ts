import { assertEquals } from "@std/assert";
import plugin from "../../scripts/lint_library.ts";

/** The rules that a file of this name and content breaks. */
function lint(path: string, source: string): string[] {
  const file = new URL(`../../${path}`, import.meta.url).pathname;
  return Deno.lint.runPlugin(plugin, file, source).map(({ id }) => id);
}

Deno.test("the library names Deno in its backends and nowhere else", () => {
  const source = "export const c: Deno.Conn = await Deno.connect(options);";
  const found = "deferno/no-runtime-names";
  assertEquals(lint("reactor/sockets/socket.ts", source), [found, found]);
  assertEquals(lint("reactor/transport/port.ts", source), [found, found]);
  assertEquals(lint("defer/log.ts", "globalThis.Deno;"), [found]);
  assertEquals(lint("reactor/backends/deno/backend.ts", source), []);
  assertEquals(lint("clients/get-poetry-2.ts", source), []);
  assertEquals(lint("tests/reactor/transport/port_test.ts", source), []);
});

Deno.test("a comment or a string names nothing", () => {
  const source = "// Deno\nexport const s = 'Deno' + `Deno`;";
  assertEquals(lint("reactor/sockets/socket.ts", source), []);
});

Deno.test("defer/ has no timers", () => {
  const source = "globalThis.setTimeout(() => setInterval(f));";
  const found = "deferno/no-timers-in-defer";
  assertEquals(lint("defer/deferred.ts", source), [found, found]);
  assertEquals(lint("reactor/task/clock.ts", source), []);
});

Deno.test("a mod.ts only exports what other files hold", () => {
  const good = 'export * from "./a.ts"; export { b, type C } from "./b.ts";';
  assertEquals(lint("defer/mod.ts", good), []);
  const found = "deferno/mod-only-exports";
  assertEquals(lint("mod.ts", 'import { a } from "./a.ts"; export { a };'), [
    found,
    found,
  ]);
  assertEquals(lint("mod.ts", "export const a = 1;"), [found]);
});
