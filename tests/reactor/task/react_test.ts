import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  CancelledError,
  Clock,
  createLog,
  createMemoryBackend,
  deferLater,
  Deferred,
  fail,
  react,
  Reactor,
  ReactorNotRestartable,
  succeed,
  SystemExit,
} from "../../../mod.ts";
import { Printed, projectPath } from "../../support/programs.ts";

function makeReactor() {
  const statuses: number[] = [];
  const errors: string[] = [];
  const log = createLog();
  log.addObserver(({ text, failure }) =>
    errors.push(`${text} ${failure?.getErrorMessage()}`)
  );
  const backend = {
    ...createMemoryBackend(),
    setExitStatus: (code: number) => void statuses.push(code),
  };
  return { reactor: new Reactor({ backend, log }), statuses, errors };
}

/** Starts a program that begins by importing what it needs of the library. */
function startProgram(source: string) {
  const mod = new URL("../../../mod.ts", import.meta.url).href;
  const names = "Deferred, deferLater, react, reactor, SystemExit";
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", `import { ${names} } from ${JSON.stringify(mod)};${source}`],
    cwd: projectPath(""),
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdout = new Printed(child.stdout);
  const stderr = new Printed(child.stderr);
  return {
    child,
    stdout,
    async outcome() {
      const { code, signal } = await child.status;
      await Promise.all([stdout.ended, stderr.ended]);
      return { code, signal, stdout: stdout.text, stderr: stderr.text };
    },
  };
}

// --- Inside this process

Deno.test("react calls main with the reactor and the arguments, before the reactor runs", async () => {
  const { reactor } = makeReactor();
  const calls: unknown[] = [];
  const finished = react(
    reactor,
    (given, name: string, count: number) => {
      assertStrictEquals(given, reactor);
      calls.push([name, count, given.running]);
      return succeed();
    },
    "Emily",
    3,
  );
  assertEquals(calls, [["Emily", 3, false]]);
  await finished;
  // @ts-expect-error -- the arguments are those of main
  const wrong = () => react(reactor, (_: Reactor, n: number) => fail(n), "1");
  assert(wrong);
});

Deno.test("react runs the reactor until main's deferred fires, and gives status 0", async () => {
  const { reactor, statuses, errors } = makeReactor();
  const d = new Deferred<string>();
  const runningThen: boolean[] = [];
  d.addCallback((poem) => {
    runningThen.push(reactor.running);
    return poem;
  });
  const status = await react(reactor, () => {
    reactor.callWhenRunning(() => reactor.callFromThread(() => d.callback("")));
    return d;
  });
  assertEquals(status, 0);
  assertEquals(statuses, [0]);
  assertEquals(errors, []);
  assertEquals(runningThen, [true]);
  assertEquals(reactor.running, false);
});

Deno.test("react gives status 1 where main's deferred fails, and logs the error", async () => {
  const { reactor, statuses, errors } = makeReactor();
  const status = await react(reactor, () => {
    const d = new Deferred<void>();
    reactor.callWhenRunning(() => d.errback(new Error("the ink ran out")));
    return d;
  });
  assertEquals(status, 1);
  assertEquals(statuses, [1]);
  assertEquals(errors, ["The main function failed: the ink ran out"]);
});

Deno.test("react takes the status out of a SystemExit, and logs nothing", async () => {
  for (const code of [0, 1, 3, 255]) {
    const { reactor, statuses, errors } = makeReactor();
    const status = await react(reactor, () => fail(new SystemExit(code)));
    assertEquals(status, code);
    assertEquals(statuses, [code]);
    assertEquals(errors, []);
  }
});

Deno.test("SystemExit is 0 unless told, and refuses what is no exit status", () => {
  assertEquals(new SystemExit().code, 0);
  for (const code of [-1, 256, 1.5, NaN]) {
    assertThrows(() => new SystemExit(code), RangeError, `got ${code}`);
  }
});

Deno.test("react runs an async main", async () => {
  const { reactor } = makeReactor();
  const lines: string[] = [];
  const status = await react(reactor, async (reactor) => {
    lines.push("begun");
    lines.push(await deferLater(reactor, 0, () => "ended"));
  });
  assertEquals(lines, ["begun", "ended"]);
  assertEquals(status, 0);
});

Deno.test("react gives status 1 where an async main throws, and logs the error", async () => {
  const { reactor, errors } = makeReactor();
  const status = await react(reactor, async (reactor) => {
    await deferLater(reactor, 0);
    throw new Error("the ink ran out");
  });
  assertEquals(status, 1);
  assertEquals(errors, ["The main function failed: the ink ran out"]);
});

Deno.test("react gives status 0 where somebody else stops the reactor and main is not done", async () => {
  const { reactor, statuses, errors } = makeReactor();
  const status = await react(reactor, (reactor) => {
    reactor.callWhenRunning(() => reactor.stop());
    return new Deferred<void>();
  });
  assertEquals(status, 0);
  assertEquals(statuses, [0]);
  assertEquals(errors, []);
});

Deno.test("react gives status 1 where main's deferred fails during the shutdown", async () => {
  const { reactor, errors } = makeReactor();
  const status = await react(reactor, (reactor) => {
    const d = new Deferred<void>();
    const end = () => d.errback(new Error("not while the server sleeps"));
    reactor.addSystemEventTrigger("during", "shutdown", end);
    reactor.callWhenRunning(() => reactor.stop());
    return d;
  });
  assertEquals(status, 1);
  assertEquals(errors, [
    "The main function failed: not while the server sleeps",
  ]);
});

Deno.test("react gives status 1 where an async main fails because of the shutdown", async () => {
  const { reactor, errors } = makeReactor();
  const status = await react(reactor, async (reactor) => {
    const d = new Deferred<void>();
    reactor.addSystemEventTrigger("after", "shutdown", () => d.cancel());
    reactor.callWhenRunning(() => reactor.stop());
    const layers = async (n: number): Promise<void> =>
      n > 0 ? await layers(n - 1) : await d;
    await layers(10);
  });
  assertEquals(status, 1);
  assertEquals(errors.length, 1);
});

Deno.test("react stops the reactor but once where main is done during the shutdown", async () => {
  const { reactor, errors } = makeReactor();
  const status = await react(reactor, (reactor) => {
    const d = new Deferred<void>();
    const end = () => d.callback();
    reactor.addSystemEventTrigger("before", "shutdown", end);
    reactor.callWhenRunning(() => reactor.stop());
    return d;
  });
  assertEquals(status, 0);
  assertEquals(errors, []);
});

Deno.test("react logs the error of a main that fails after everything is over", async () => {
  const { reactor, errors } = makeReactor();
  const d = new Deferred<void>();
  const status = await react(reactor, (reactor) => {
    reactor.callWhenRunning(() => reactor.crash());
    return d;
  });
  assertEquals(status, 0);
  d.cancel();
  assertEquals(errors, [
    `The main function failed: ${new CancelledError().message}`,
  ]);
});

Deno.test("react rejects with what main throws, and does not run the reactor", async () => {
  const { reactor, statuses } = makeReactor();
  const main = (): Deferred<void> => {
    throw new RangeError("no poem by that name");
  };
  await assertRejects(() => react(reactor, main), RangeError, "no poem by");
  assertEquals(statuses, []);
  // A reactor that has run would refuse to do so again.
  assertEquals(await react(reactor, () => succeed()), 0);
});

Deno.test("react rejects where main returns no deferred and no promise, and does not run the reactor", async () => {
  const { reactor, statuses } = makeReactor();
  await assertRejects(
    // @ts-expect-error -- main has to return a deferred or a promise
    () => react(reactor, () => "a poem"),
    TypeError,
    "The main function must return a deferred or a promise, got a poem",
  );
  assertEquals(statuses, []);
  assertEquals(await react(reactor, () => succeed()), 0);
});

Deno.test("react without its reactor, or its main function, says what is missing and what it got", async () => {
  const { reactor } = makeReactor();
  const main = () => succeed();
  await assertRejects(
    // @ts-expect-error -- the reactor comes first
    () => react(main),
    TypeError,
    "react: reactor must be a Reactor, as in react(reactor, main), got a Function",
  );
  await assertRejects(
    // @ts-expect-error -- main is missing
    () => react(reactor),
    TypeError,
    "react: main must be a function, got undefined",
  );
  assertEquals(await react(reactor, main), 0);
});

Deno.test("react takes a deferred that has fired already, or failed", async () => {
  const fired = makeReactor();
  assertEquals(await react(fired.reactor, () => succeed("a poem")), 0);
  const failed = makeReactor();
  assertEquals(await react(failed.reactor, () => fail(new Error("no"))), 1);
  assertEquals(failed.errors, ["The main function failed: no"]);
});

Deno.test("react rejects where the reactor cannot be run", async () => {
  const { reactor } = makeReactor();
  await react(reactor, () => succeed());
  await assertRejects(
    () => react(reactor, () => succeed()),
    ReactorNotRestartable,
  );
});

Deno.test("react runs a reactor whose backend has no exit status, and whose clock is turned by hand", async () => {
  const clock = new Clock();
  const reactor = new Reactor({ backend: createMemoryBackend(), clock });
  const status = await react(reactor, (reactor) => {
    reactor.callWhenRunning(() => clock.advance(60));
    return deferLater(reactor, 60, () => fail(new SystemExit(7)));
  });
  assertEquals(status, 7);
});

// --- As programs

Deno.test("A program under react ends with status 0, and prints nothing of its own", async () => {
  const program = startProgram(`
    await react(reactor, async (reactor, name) => {
      console.log(await deferLater(reactor, 0, () => "Hello, " + name));
    }, "Emily");
    console.log("after");`);
  const { code, stdout, stderr } = await program.outcome();
  assertEquals(stderr, "");
  assertEquals(stdout, "Hello, Emily\nafter\n");
  assertEquals(code, 0);
});

Deno.test("A program under react whose main fails ends with status 1, and prints the error", async () => {
  const program = startProgram(`
    await react(reactor, async function main(reactor) {
      await deferLater(reactor, 0);
      throw new RangeError("the ink ran out");
    });`);
  const { code, stdout, stderr } = await program.outcome();
  assertMatch(
    stderr,
    /^The main function failed:\nTraceback .*\nRangeError: the ink ran out\n +at main/,
  );
  assertEquals(stdout, "");
  assertEquals(code, 1);
});

Deno.test("A program under react whose main throws before it returns ends as Deno ends it", async () => {
  const program = startProgram(`
    await react(reactor, () => {
      throw new RangeError("no poem by that name");
    });`);
  const { code, stderr } = await program.outcome();
  assertMatch(stderr, /Uncaught.*RangeError: no poem by that name/);
  assertEquals(code, 1);
});

Deno.test("A program under react that is interrupted ends with status 0", async () => {
  const program = startProgram(`
    await react(reactor, (reactor) => {
      reactor.callWhenRunning(() => console.log("running"));
      return new Deferred();
    });`);
  await program.stdout.waitFor(/running/);
  program.child.kill("SIGINT");
  const { code, signal, stderr } = await program.outcome();
  assertEquals(stderr, "");
  assertEquals([code, signal], [0, null]);
});
