import { assertEquals, assertThrows } from "@std/assert";
import { type Backend, install, Reactor } from "../../mod.ts";
import { Program } from "../support/programs.ts";

const TOO_LATE = "Cannot install the backend memory: the reactor uses";

const CASES = {
  nothing: "installed memory",
  triggers: "installed memory",
  instruments: "installed memory",
  time: `${TOO_LATE} deno already`,
  run: `${TOO_LATE} deno already`,
  install: `${TOO_LATE} memory already`,
};

for (const [use, printed] of Object.entries(CASES)) {
  Deno.test(`installing a backend after "${use}": ${printed}`, async () => {
    const file = "tests/reactor/programs/install.ts";
    await using program = new Program(file, [use], []);
    const { code, stdout, stderr } = await program.outcome();
    assertEquals([code, stdout.trimEnd(), stderr], [0, printed, ""]);
  });
}

Deno.test("a backend that the runtime does not have is refused at the call, and named", () => {
  const refusals = [
    [undefined, "undefined"],
    [null, "null"],
    ["deno", 'the string "deno"'],
    [{}, "an Object"],
  ];
  for (const [chosen, shown] of refusals) {
    const backend = chosen as Backend;
    const why =
      `: backend must be a Backend, which can connect, got ${shown}. runtimeBackend is`;
    assertThrows(
      () => new Reactor({ backend }),
      TypeError,
      `Reactor${why}`,
    );
    assertThrows(() => install(backend), TypeError, `install${why}`);
  }
});
