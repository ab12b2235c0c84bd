import { assertEquals } from "@std/assert";
import { Program } from "../support/programs.ts";

const PROGRAM = "tests/reactor/programs/signals.ts";

const ORDERLY = [
  "ready",
  "Server stopFactory",
  "Client connectionLost",
  "Server connectionLost",
  "run returned",
];

function start(mode: string): Program {
  return new Program(PROGRAM, [mode], ["--allow-net", "--allow-run"]);
}

const lines = (text: string) => text.trimEnd().split("\n");

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`${signal} stops the reactor in order, and run returns`, async () => {
    await using program = start("with");
    await program.stdout.waitFor(/ready/);
    program.kill(signal);
    const { code, stdout, stderr } = await program.outcome();
    // Which of the two ends of a connection was made first is open.
    assertEquals(lines(stdout).sort(), ORDERLY.toSorted());
    assertEquals(lines(stdout).slice(0, 2), ORDERLY.slice(0, 2));
    assertEquals([code, stderr], [0, ""]);
  });

  Deno.test(`${signal} ends the program where no handlers are installed`, async () => {
    await using program = start("without");
    await program.stdout.waitFor(/ready/);
    program.kill(signal);
    const outcome = await program.outcome();
    assertEquals(outcome.signal, signal);
    assertEquals(lines(outcome.stdout), ["ready"]);
  });
}

Deno.test("a second signal, while the first one stops the reactor, is logged", async () => {
  await using program = start("held");
  await program.stdout.waitFor(/ready/);
  program.kill("SIGINT");
  await program.stdout.waitFor(/held/);
  program.kill("SIGTERM");
  await program.stdout.waitFor(/ReactorNotRunning/);
  program.kill("SIGUSR1");
  const { code, stdout } = await program.outcome();
  assertEquals(code, 0);
  assertEquals(lines(stdout).slice(1, 3), [
    "held",
    "Cannot stop the reactor again: ReactorNotRunning",
  ]);
  assertEquals(lines(stdout).at(-1), "run returned");
});

Deno.test("the signals are the system's again when the reactor has stopped", async () => {
  await using program = start("afterwards");
  await program.stdout.waitFor(/ready/);
  program.kill("SIGTERM");
  const { signal, stdout } = await program.outcome();
  assertEquals(lines(stdout).at(-1), "run returned");
  assertEquals(signal, "SIGTERM");
});
