import { assert, assertEquals, assertMatch } from "@std/assert";
import { type Outcome, projectPath } from "../support/programs.ts";
import { maskFrames, runExample, startExample } from "./run_example.ts";

Deno.test("simple runs until Ctrl-C, silent and using no CPU, and then ends by itself", async () => {
  await using program = new Process("simple");
  await program.isIdle();
  program.kill();
  assertEquals(
    await program.outcome(),
    { code: 0, signal: null, stdout: "", stderr: "" },
  );
});

for (
  const [name, before] of [
    ["hello", ""],
    ["simple-other", "The backend is node.\n"],
  ] as const
) {
  Deno.test(`${name} is called by the reactor, and stays until Ctrl-C`, async () => {
    await using program = startExample(name);
    await program.stdout.waitFor(/rut\.\n/);
    program.kill("SIGINT");
    assertEquals(await program.outcome(), {
      code: 0,
      signal: null,
      stdout: `${before}Starting the reactor.\nHello from the reactor loop!\n` +
        "Lately I feel like I'm stuck in a rut.\n",
      stderr: "",
    });
  });
}

Deno.test("stack shows the reactor's frames between two of its own", async () => {
  const { code, stdout, stderr } = await runExample("stack");
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  const [title, ...frames] = stdout.trimEnd().split("\n");
  assertEquals(title, "The stack:");
  assertMatch(frames.at(0) ?? "", /^ +at stack \(.*\/examples\/stack\.ts:/);
  assertMatch(frames.at(-1) ?? "", /^ +at .*\/examples\/stack\.ts:/);
  const run = frames.findIndex((frame) => frame.includes("at Reactor.run ("));
  assert(run > 0 && run < frames.length - 1, stdout);
});

Deno.test("countdown counts down from 5", async () => {
  assertEquals(await runExample("countdown", ["--every", "0.01"]), {
    code: 0,
    signal: null,
    stdout: "Start!\n5 ...\n4 ...\n3 ...\n2 ...\n1 ...\nStop!\n",
    stderr: "",
  });
});

Deno.test("countdown waits a second between two numbers", async () => {
  await using program = startExample("countdown");
  await program.stdout.waitFor(/5 \.\.\.\n/);
  const start = performance.now();
  await program.stdout.waitFor(/4 \.\.\.\n/);
  const waited = performance.now() - start;
  assert(waited > 500, `it waited ${waited} ms`);
});

Deno.test("Ctrl-C stops a countdown in the middle", async () => {
  await using program = startExample("countdown", ["--every", "60"]);
  await program.stdout.waitFor(/5 \.\.\.\n/);
  program.kill("SIGINT");
  assertEquals(await program.outcome(), {
    code: 0,
    signal: null,
    stdout: "Start!\n5 ...\nStop!\n",
    stderr: "",
  });
});

for (
  const [args, complaint] of [
    [
      ["--every", "soon"],
      "--every takes a number of seconds from 0 to 3600: it is soon.",
    ],
    [
      ["--every", "-1"],
      "--every takes a number of seconds from 0 to 3600: it is -1.",
    ],
    [["3"], "No argument is needed: this is 3."],
    [["--slowly"], "No such option: --slowly."],
  ] as const
) {
  Deno.test(`countdown ${args.join(" ")} is refused`, async () => {
    const { code, stdout, stderr } = await runExample("countdown", [...args]);
    assertEquals({ code, stdout }, { code: 2, stdout: "" });
    assertEquals(
      stderr,
      `Usage: countdown.ts [--every SECONDS]\n\nerror: ${complaint}\n`,
    );
  });
}

Deno.test("late shows that no call is made while a callback computes", async () => {
  const { code, stdout, stderr } = await runExample("late");
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  const [, passed] = /^An alarm .*\nThe work .*\nThe alarm .* (\S+) s\.\n$/
    .exec(stdout) ?? [];
  assert(Number(passed) >= 0.5, stdout);
});

Deno.test("exception falls down, is logged, and gets up again", async () => {
  const { code, stdout, stderr } = await runExample("exception");
  assertEquals(code, 0);
  assertEquals(stdout, "Starting the reactor.\nBut I get up again.\n");
  assertEquals(
    maskFrames(stderr),
    "Unhandled error in a trigger after startup:\n" +
      "Traceback (most recent call first):\nError: I fall down.\n    F\n",
  );
});

/** A program that says nothing, seen by the operating system. */
class Process implements AsyncDisposable {
  #child: Deno.ChildProcess;
  #output: Promise<Deno.CommandOutput>;

  constructor(name: string) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", projectPath(`examples/${name}.ts`)],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#output = this.#child.output();
  }

  /** Waits until it has spent some time using no CPU at all, which no start takes. */
  async isIdle() {
    for (let quiet = 0; quiet < 2;) {
      const before = await this.#ticks();
      // Idleness is the absence of something: it takes time to see.
      await new Promise((resolve) => setTimeout(resolve, 250));
      quiet = before > 0 && await this.#ticks() === before ? quiet + 1 : 0;
    }
  }

  kill() {
    this.#child.kill("SIGINT");
  }

  async outcome(): Promise<Outcome> {
    const { code, signal, stdout, stderr } = await this.#output;
    const decoder = new TextDecoder();
    return {
      code,
      signal,
      stdout: decoder.decode(stdout),
      stderr: decoder.decode(stderr),
    };
  }

  async [Symbol.asyncDispose]() {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It had ended before.
    }
    await this.#output;
  }

  /** The CPU it has used, in ticks. */
  async #ticks(): Promise<number> {
    const args = [`/proc/${this.#child.pid}/stat`];
    const { stdout } = await new Deno.Command("cat", { args }).output();
    const stat = new TextDecoder().decode(stdout);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(fields[11]) + Number(fields[12]);
  }
}
