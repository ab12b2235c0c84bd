import { assertEquals, assertThrows } from "@std/assert";
import * as client50 from "../../clients/get-poetry-5.ts";
import * as client51 from "../../clients/get-poetry-5.1.ts";
import { runClient } from "../support/programs.ts";
import { neverSends, sends, startServer } from "../support/servers.ts";
import { check, DOWNLOAD_FAILED, withChance } from "./expectations.ts";

// What the dice show for each of the three ways.
const SUCCESS = 0.2;
const GIBBERISH = 0.5;
const OTHER = 0.8;

Deno.test("the transform writes a poem in lower case", () => {
  for (const { cummingsify } of [client50, client51]) {
    assertEquals(cummingsify("O Ärger!", () => SUCCESS), "o ärger!");
    assertEquals(cummingsify("O", () => 0), "o");
  }
});

Deno.test("the transform fails in two ways", () => {
  const { GibberishError, cummingsify } = client50;
  assertThrows(() => cummingsify("O", () => GIBBERISH), GibberishError);
  assertThrows(() => cummingsify("O", () => OTHER), TypeError);
  assertThrows(() => cummingsify("O", () => 0.999999), TypeError);
});

Deno.test("in 5.1 what could not be transformed is in the error", () => {
  const { CannotCummingsify, GibberishError, cummingsify } = client51;
  assertThrows(() => cummingsify("O", () => GIBBERISH), GibberishError);
  const error = assertThrows(
    () => cummingsify("O", () => OTHER),
    CannotCummingsify,
  );
  assertEquals(error.poem, "O");
});

for (const version of ["5", "5.1"]) {
  Deno.test(`client ${version} prints the poem in lower case, or as it came, or loses it`, async () => {
    await using server = await startServer(sends("A Poem\n"));
    const run = (chance: number) =>
      runClient(version, [server.address], withChance(chance));
    check(version, await run(SUCCESS), { stdout: "a poem\n\n" });
    check(version, await run(OTHER), {
      stdout: "Cummingsify failed!\nA Poem\n\n",
    });
    check(version, await run(GIBBERISH), { code: 1, stderr: DOWNLOAD_FAILED });
  });

  Deno.test(`in client ${version} what never came is not transformed`, async () => {
    await using silent = await startServer(neverSends);
    const args = ["--timeout", "0.2", silent.address];
    check(version, await runClient(version, args, withChance(OTHER)), {
      code: 1,
      stderr: "TimeoutError: not every poem came within 0.2 s\n" +
        DOWNLOAD_FAILED,
    });
  });

  Deno.test(`client ${version} rolls dice by itself`, async () => {
    await using server = await startServer(sends("A Poem\n"));
    const { stdout, stderr } = await runClient(version, [server.address]);
    const printed = [
      "a poem\n\n",
      "Cummingsify failed!\nA Poem\n\n",
      DOWNLOAD_FAILED,
    ];
    assertEquals(printed.includes(stdout + stderr), true, stdout + stderr);
  });
}
