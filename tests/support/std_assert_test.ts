import { assert, assertEquals, assertThrows } from "@std/assert";

Deno.test("assertions: arguments of wrong types do not compile", () => {
  // @ts-expect-error: what is expected is missing
  assertThrows(() => assertEquals(1));
  // @ts-expect-error: a number is never a string
  assertThrows(() => assertEquals(1, "1"));
  // @ts-expect-error: the class of the error, not its name
  assertThrows(() => assertThrows(() => {}, "Error", "message"));
});

Deno.test("assertions: what was asserted is known to the compiler", () => {
  const value: string | undefined = ["Ozymandias"].at(0);
  assert(value !== undefined);
  assertEquals(value.length, 10);
});
