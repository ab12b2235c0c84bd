import { assertEquals, assertStringIncludes } from "@std/assert";
import { projectPath } from "../support/programs.ts";
import { maskFrames, runExample } from "./run_example.ts";

const FAILURE =
  "[Failure instance: Traceback (failure with no frames): Error: First error\n]\n";

/** What an example prints that ends well and says nothing on stderr. */
const PRINTED: Record<string, string> = {
  "defer-1": "Your poem is served:\nThis poem is short.\nFinished\n",
  "defer-2": "No poetry for you.\nFinished\n",
  "defer-3":
    "Failure\n[Failure instance: Traceback (failure with no frames): Error: " +
    "I have failed.\n]\nNo poetry for you.\n",
  "defer-8": "Another short poem.\n",
  "defer-9": "Another short poem.\n",
};

for (const [name, stdout] of Object.entries(PRINTED)) {
  Deno.test(`${name} prints what the introduction shows`, async () => {
    assertEquals(
      await runExample(name),
      { code: 0, signal: null, stdout, stderr: "" },
    );
  });
}

/** What an example prints that fires its deferred twice. */
const FIRED_TWICE: Record<string, string> = {
  "defer-4": "First result\n",
  "defer-5": "First result\n",
  "defer-6": FAILURE,
  "defer-7": FAILURE,
};

for (const [name, printed] of Object.entries(FIRED_TWICE)) {
  Deno.test(`${name} ends with an AlreadyCalledError`, async () => {
    const { code, stdout, stderr } = await runExample(name);
    assertEquals({ code, stdout }, { code: 1, stdout: printed });
    assertStringIncludes(stderr, "Uncaught");
    assertStringIncludes(stderr, "AlreadyCalledError: ");
    assertStringIncludes(stderr, `examples/${name}.ts:`);
  });
}

Deno.test("defer-block shows that everybody waits for a callback that blocks", async () => {
  assertEquals(await runExample("defer-block", ["--seconds", "0.1"]), {
    code: 0,
    signal: null,
    stdout: [
      "Starting the reactor.",
      "Firing the deferred.",
      "The start of the callback chain.",
      "Getting a poem the blocking way ...",
      "... at last.",
      "The end of the callback chain.",
      "The deferred has been fired.",
      "This was due half way through the poem.",
      "Done.",
      "",
    ].join("\n"),
    stderr: "",
  });
});

Deno.test("defer-unhandled tells of its error when it ends", async () => {
  const { code, stdout, stderr } = await runExample("defer-unhandled");
  assertEquals({ code, stdout }, { code: 0, stdout: "Finished\n" });
  assertEquals(
    maskFrames(stderr),
    "Unhandled error in Deferred:\nTraceback (most recent call first):\n" +
      "Error: Oops, I spilled the ink.\n    F\n",
  );
});

Deno.test("failure-examples shows frames only for the error that was caught", async () => {
  const { code, stdout, stderr } = await runExample("failure-examples");
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertEquals(
    maskFrames(stdout),
    "An error that was only made:\n\n" +
      "[Failure instance: Traceback (failure with no frames): RhymeError: " +
      "I was never thrown.\n]\n\nAn error that was caught:\n\n" +
      "[Failure instance: Traceback: RhymeError: Nothing here rhymes with June." +
      "\n    F\n]\n",
  );
});

const BYRONIFIED = "She walks in beauty, like the night;\n" +
  "The night is long,\nand so is the song.\n\n";
const NO_POEM = "The poem download failed.\n\n";

Deno.test("byronify: the synchronous program handles both errors, the client neither", async () => {
  const { code, stdout } = await runExample("byronify");
  assertEquals(code, 0);
  assertEquals(
    stdout,
    `--- The synchronous program\n\n${BYRONIFIED}${NO_POEM}` +
      `All day the sea\nwas calling me.\n\n${NO_POEM}` +
      `--- The client with callback and errback\n\n${NO_POEM}${BYRONIFIED}` +
      "Poems still waited for: 2\n",
  );
});

Deno.test("byronify: both errors go through the client's functions to the reactor", async () => {
  const { stderr } = await runExample("byronify");
  const logged = (error: string) =>
    "Unhandled error in connectionLost of PoetryProtocol:\n" +
    `Traceback (most recent call first):\n${error}\n    F\n`;
  assertEquals(
    maskFrames(stderr),
    logged("GibberishError: A poem has more than one line.") +
      logged("RangeError: The inkwell is empty."),
  );
  const stacks = stderr.split("Unhandled error").slice(1);
  for (const stack of stacks) {
    const calls = [
      "byronificate (",
      "gotPoem ",
      "PoetryClientFactory.poemFinished (",
      "PoetryProtocol.poemReceived (",
      "PoetryProtocol.connectionLost (",
      "Reactor.run (",
    ].map((call) => stack.indexOf(call));
    assertEquals(calls, calls.toSorted((a, b) => a - b), stack);
    assertEquals(calls.includes(-1), false, stack);
  }
});

/** What the errback says, with a hyphen between the syllables of a word. */
const HAIKU = [
  "No ver-ses to-day:",
  "the line fell si-lent half-way.",
  "Will you try a-gain?",
];

for (const name of ["defer-8", "defer-9"]) {
  Deno.test(`${name}: what its errback says is a haiku`, async () => {
    const source = await Deno.readTextFile(projectPath(`examples/${name}.ts`));
    const lines = source.matchAll(/console\.error\("(.*)"\)/g);
    assertEquals(
      [...lines].map(([, line]) => line),
      HAIKU.map((line) => line.replaceAll("-", "")),
    );
    assertEquals(HAIKU.map((line) => line.split(/[ -]/).length), [5, 7, 5]);
  });
}
