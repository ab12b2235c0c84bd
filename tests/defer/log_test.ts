import { assertEquals, assertMatch } from "@std/assert";
import { createLog, fail, Failure, type LogEvent } from "../../mod.ts";
import { runProgram } from "./support.ts";

const failure = new Failure(new Error("boom"));

Deno.test("log: an observer is told of messages and of failures", () => {
  const log = createLog();
  const told: LogEvent[] = [];
  log.addObserver((event) => told.push(event));
  log.msg("a line");
  log.err(failure, "It went wrong.");
  log.err(failure);
  assertEquals(told, [
    { level: "info", text: "a line" },
    { level: "error", text: "It went wrong.", failure },
    { level: "error", text: "Unhandled error", failure },
  ]);
});

Deno.test("log: addObserver returns what takes the observer away again", () => {
  const log = createLog();
  const told: string[] = [];
  const keep = log.addObserver(({ text }) => told.push(`kept: ${text}`));
  const forget = log.addObserver(({ text }) => told.push(text));
  log.msg("one");
  forget();
  forget();
  log.msg("two");
  keep();
  assertEquals(told, ["kept: one", "one", "kept: two"]);
});

Deno.test("log: an observer that was added twice is told twice", () => {
  const log = createLog();
  const told: string[] = [];
  const observer = ({ text }: LogEvent) => void told.push(text);
  const forget = log.addObserver(observer);
  log.addObserver(observer);
  log.msg("one");
  forget();
  log.msg("two");
  assertEquals(told, ["one", "one", "two"]);
});

Deno.test("log: an observer may come or go while the log tells", () => {
  const log = createLog();
  const told: string[] = [];
  const forget = log.addObserver(({ text }) => {
    told.push(text);
    forget();
    log.addObserver(({ text }) => void told.push(`next: ${text}`));
  });
  log.msg("one");
  log.msg("two");
  assertEquals(told, ["one", "next: two"]);
});

Deno.test("log: logs of their own keep apart", () => {
  const [one, other] = [createLog(), createLog()];
  const told: string[] = [];
  one.addObserver(({ text }) => told.push(text));
  other.addObserver(() => {});
  one.msg("mine");
  other.msg("yours");
  assertEquals(told, ["mine"]);
});

Deno.test("log: err can be handed to a chain by itself, and has handled the error", () => {
  const log = createLog();
  const told: unknown[] = [];
  log.addObserver((event) => told.push(event));
  const after: unknown[] = [];
  fail(failure).addErrback(log.err, "No poem today.")
    .addCallback((result) => void after.push(result));
  assertEquals(told, [{ level: "error", text: "No poem today.", failure }]);
  assertEquals(after, [undefined]);
});

Deno.test("log: without an observer errors go to stderr, and messages nowhere", async () => {
  const { stdout, stderr } = await runProgram(`
    import { Failure, log } from "LIBRARY";
    log.msg("a line");
    log.err(new Failure(new RangeError("too far")), "It went wrong.");
  `);
  assertEquals(stdout, "");
  assertEquals(
    stderr,
    "It went wrong.\nTraceback (failure with no frames):\nRangeError: too far\n",
  );
});

Deno.test("log: an observer that throws hides nothing from the others, or the caller", async () => {
  const { code, stdout, stderr } = await runProgram(`
    import { log } from "LIBRARY";
    log.addObserver(() => {
      throw new Error("broken observer");
    });
    log.addObserver(({ text }) => console.log(text));
    log.msg("a line");
    console.log("logged");
  `);
  assertEquals({ code, stdout }, { code: 0, stdout: "a line\nlogged\n" });
  assertMatch(stderr, /^A log observer threw an error: Error: broken observer/);
});

Deno.test("log: an observer may be an async function: its rejection is written like a throw", async () => {
  const { code, stdout, stderr } = await runProgram(`
    import { log } from "LIBRARY";
    log.addObserver(async () => {
      await 0;
      throw new Error("broken observer");
    });
    log.msg("a line");
    await new Promise((resolve) => setTimeout(resolve));
    console.log("alive");
  `);
  assertEquals({ code, stdout }, { code: 0, stdout: "alive\n" });
  assertMatch(stderr, /^A log observer threw an error: Error: broken observer/);
});

Deno.test("log: an observer's thenable may call back without a check, as for await", async () => {
  const log = createLog();
  const settled = Promise.withResolvers<void>();
  log.addObserver(() => ({
    then(onFulfilled: () => void) {
      try {
        settled.resolve(onFulfilled());
      } catch (error) {
        settled.reject(error);
      }
    },
  }));
  log.msg("a line");
  await settled.promise;
});

Deno.test("log: what an observer logs while it is told goes to the others, and not round in a circle", () => {
  const log = createLog();
  const told: string[] = [];
  log.addObserver(({ text }) => {
    told.push(`first: ${text}`);
    if (text !== "again") log.msg("again");
  });
  log.addObserver(({ text }) => {
    told.push(`second: ${text}`);
    log.msg("again");
  });
  log.msg("a line");
  assertEquals(told, [
    "first: a line",
    "second: again",
    "second: a line",
    "first: again",
  ]);
  log.msg("another");
  assertEquals(told.length, 8);
});

Deno.test("log: an error that the only observer logs while it is told is written to stderr", async () => {
  const { code, stderr } = await runProgram(`
    import { Failure, log } from "LIBRARY";
    log.addObserver(() => log.err(new Failure(new Error("inner")), "Again."));
    log.msg("a line");
  `);
  assertEquals(code, 0);
  assertMatch(stderr, /^Again.\n.*\nError: inner\n$/);
});
