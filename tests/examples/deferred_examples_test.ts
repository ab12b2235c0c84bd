import { assertEquals, assertStringIncludes } from "@std/assert";
import { maskFrames, runExample } from "./run_example.ts";

const FAILURE =
  "[Failure instance: Traceback (failure with no frames): Error: First error\n]\n";

/** What an example prints that ends well and says nothing on stderr. */
const PRINTED: Record<string, string> = {
  "defer-1": "Your poem is served:\nThis poem is short.\nFinished\n",
  "defer-2": "No poetry for you.\nFinished\n",
  "defer-3":
    "Failure\n[Failure instance: Traceback (failure with no frames): Error: " +
    "I have failed.\n]\nNo poetry for you.\nFinished\n",
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

Deno.test("byronify tells its caller of an unexpected error, and its errback nothing", async () => {
  const { code, stdout, stderr } = await runExample("byronify");
  const served = "She walks in beauty, like the night;\nThe night is long,\n" +
    "and so is the song.\n\n" +
    "Not byronified: A poem has more than one line.\nasdf jkl\n\n";
  assertEquals(code, 0);
  assertEquals(
    stdout,
    `--- The synchronous program\n\n${served}` +
      "The caller gets to know: RangeError: The inkwell is empty.\n\n" +
      `--- The client with callback and errback\n\n${served}` +
      "Nobody gets to know. Poems still waited for: 1\n",
  );
  assertEquals(
    maskFrames(stderr),
    "Unhandled error in connectionLost of PoetryProtocol:\n" +
      "Traceback (most recent call first):\n" +
      "RangeError: The inkwell is empty.\n    F\n",
  );
});
