import { assertEquals } from "@std/assert";
import { createMemoryBackend } from "../../mod.ts";
import { Sleeper } from "../../reactor/sleeper.ts";

Deno.test("a loop that is woken while it goes to sleep goes on when it sleeps", async () => {
  const backend = createMemoryBackend();
  // Whoever is to be told at the next turn is told at once, in the middle of it.
  const sleeper = new Sleeper({ ...backend, nextTurn: (fn) => fn() });
  const lines: string[] = [];
  function* loop(): Generator<void, void> {
    for (const turn of [1, 2, 3]) {
      lines.push(`${turn} begins`);
      sleeper.rest();
      lines.push(`${turn} rests`);
      yield;
    }
  }
  await sleeper.run(loop());
  const expected = [1, 2, 3].flatMap((n) => [`${n} begins`, `${n} rests`]);
  assertEquals(lines, expected);
});

Deno.test("an error out of a loop is that of its run", async () => {
  const sleeper = new Sleeper(createMemoryBackend());
  const broken = new Error("broken");
  // deno-lint-ignore require-yield
  function* loop(): Generator<void, void> {
    throw broken;
  }
  assertEquals(await sleeper.run(loop()).catch((error) => error), broken);
});
