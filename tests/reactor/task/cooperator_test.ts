import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import {
  Clock,
  coiterate,
  cooperate,
  type CooperativeTask,
  Cooperator,
  createMemoryBackend,
  Deferred,
  NotPaused,
  Reactor,
  SchedulerError,
  SchedulerStopped,
  succeed,
  TaskDone,
  TaskFailed,
  TaskFinished,
  TaskStopped,
} from "../../../mod.ts";
import { ends, unhandledAfter } from "../../defer/support.ts";

/** A cooperator that does one step each time that its clock is turned. */
function oneStepATime(started = true) {
  const clock = new Clock();
  const cooperator = new Cooperator(clock, {
    terminationPredicateFactory: () => () => true,
    scheduler: (slice) => clock.callLater(1, slice),
    started,
  });
  return { clock, cooperator };
}

/** Work of some steps, each of which is written down. */
function* work(name: string, steps: number, done: string[]) {
  for (let i = 1; i <= steps; i++) yield done.push(`${name}${i}`);
}

function* forever() {
  while (true) yield;
}

// deno-lint-ignore require-yield -- it fails in its first step
function* failing(message: string) {
  throw new RangeError(message);
}

Deno.test("A task's whenDone fires with the iterator", () => {
  const { clock, cooperator } = oneStepATime();
  const iterator = work("a", 2, []);
  const results = ends(cooperator.cooperate(iterator).whenDone());
  clock.pump([1, 1]);
  assertEquals(results, []);
  clock.advance(1);
  assertStrictEquals(results[0], iterator);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("A task's whenDone fails with what the iterator throws", () => {
  const { clock, cooperator } = oneStepATime();
  const messages: string[] = [];
  cooperator.cooperate(failing("no more")).whenDone().addErrback((failure) => {
    messages.push(failure.getErrorMessage());
    assertEquals(failure.raised, true);
  });
  clock.advance(1);
  assertEquals(messages, ["no more"]);
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("A task's whenDone can be asked for often, also after the end", () => {
  const { clock, cooperator } = oneStepATime();
  const iterator = work("a", 0, []);
  const task = cooperator.cooperate(iterator);
  const before = [ends(task.whenDone()), ends(task.whenDone())];
  clock.advance(1);
  const after = ends(task.whenDone());
  for (const results of [...before, after]) {
    assertStrictEquals(results[0], iterator);
  }
});

Deno.test("A failed task's whenDone fails also after the end", () => {
  const messages = unhandledAfter(() => {
    const { clock, cooperator } = oneStepATime();
    const task = cooperator.cooperate(failing("no more"));
    clock.advance(1);
    assertEquals(ends(task.whenDone()), [RangeError]);
    assertEquals(ends(task.whenDone()), [RangeError]);
  });
  assertEquals(messages, []);
});

Deno.test("A failed task that nobody asks about is an unhandled error", () => {
  const messages = unhandledAfter(() => {
    const { clock, cooperator } = oneStepATime();
    cooperator.cooperate(failing("nobody asks"));
    clock.advance(1);
  });
  assertEquals(messages, ["nobody asks"]);
});

Deno.test("Tasks take turns of one step", () => {
  const done: string[] = [];
  const { clock, cooperator } = oneStepATime();
  cooperator.cooperate(work("a", 3, done));
  cooperator.cooperate(work("b", 1, done));
  cooperator.cooperate(work("c", 2, done));
  clock.pump(Array(20).fill(1));
  assertEquals(done, ["a1", "b1", "c1", "a2", "c2", "a3"]);
});

Deno.test("Tasks take turns of one step within a slice too, and none is left out when one ends", () => {
  const done: string[] = [];
  const clock = new Clock();
  const cooperator = new Cooperator(clock);
  cooperator.cooperate(work("a", 1, done));
  cooperator.cooperate(work("b", 3, done));
  cooperator.cooperate(work("c", 3, done));
  clock.advance(1);
  assertEquals(done, ["a1", "b1", "c1", "b2", "c2", "b3", "c3"]);
});

Deno.test("A yielded deferred pauses its task until it fires", () => {
  const done: string[] = [];
  const d = new Deferred<string>();
  function* waiting() {
    yield done.push("before");
    yield d;
    yield done.push("after");
  }
  const { clock, cooperator } = oneStepATime();
  cooperator.cooperate(waiting());
  cooperator.cooperate(work("b", 3, done));
  clock.pump(Array(5).fill(1));
  assertEquals(done, ["before", "b1", "b2", "b3"]);
  clock.advance(5);
  d.callback("go on");
  clock.advance(1);
  assertEquals(done, ["before", "b1", "b2", "b3", "after"]);
});

Deno.test("A yielded deferred that has fired costs its task nothing but the turn", () => {
  const done: string[] = [];
  function* waiting() {
    yield succeed("at once");
    yield done.push("after");
  }
  const { clock, cooperator } = oneStepATime();
  cooperator.cooperate(waiting());
  clock.pump([1, 1]);
  assertEquals(done, ["after"]);
});

Deno.test("A yielded promise pauses its task until it settles", async () => {
  const { clock, cooperator } = oneStepATime();
  const { promise, resolve } = Promise.withResolvers<void>();
  function* waiting() {
    yield promise;
  }
  const iterator = waiting();
  const whenDone = cooperator.cooperate(iterator).whenDone();
  clock.advance(1);
  assertEquals(clock.getDelayedCalls(), []);
  resolve();
  // The task is told after this, which asked earlier, and before the next.
  await promise;
  await promise;
  clock.advance(1);
  assertStrictEquals(await whenDone, iterator);
});

Deno.test("A yielded deferred that fails ends the task with its failure", () => {
  const d = new Deferred<void>();
  function* waiting() {
    yield d;
  }
  const { clock, cooperator } = oneStepATime();
  const task = cooperator.cooperate(waiting());
  const results = ends(task.whenDone());
  clock.advance(1);
  d.errback(new RangeError("no more"));
  assertEquals(results, [RangeError]);
  assertThrows(() => task.stop(), TaskFailed);
});

Deno.test("A task is resumed when it was resumed as often as paused", () => {
  const done: string[] = [];
  const { clock, cooperator } = oneStepATime();
  const task = cooperator.cooperate(work("a", 5, done));
  task.pause();
  task.pause();
  clock.advance(1);
  task.resume();
  clock.advance(1);
  assertEquals(done, []);
  task.resume();
  clock.advance(1);
  assertEquals(done, ["a1"]);
});

Deno.test("A paused task leaves its cooperator nothing to wait for", () => {
  const { clock, cooperator } = oneStepATime();
  const task = cooperator.cooperate(forever());
  assertEquals(clock.getDelayedCalls().length, 1);
  task.pause();
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("A task that is paused while it waits goes on after both", () => {
  const done: string[] = [];
  const d = new Deferred<void>();
  function* waiting() {
    yield d;
    yield done.push("after");
  }
  const { clock, cooperator } = oneStepATime();
  const task = cooperator.cooperate(waiting());
  clock.advance(1);
  task.pause();
  d.callback();
  clock.advance(1);
  assertEquals(done, []);
  task.resume();
  clock.advance(1);
  assertEquals(done, ["after"]);
});

Deno.test("A task that is not paused cannot be resumed, not even while it waits", () => {
  const d = new Deferred<void>();
  function* waiting() {
    yield d;
  }
  const { clock, cooperator } = oneStepATime();
  const task = cooperator.cooperate(waiting());
  assertThrows(() => task.resume(), NotPaused);
  clock.advance(1);
  assertThrows(() => task.resume(), NotPaused);
});

Deno.test("A task that is done refuses pause and stop with TaskDone", () => {
  const { clock, cooperator } = oneStepATime();
  const task = cooperator.cooperate([][Symbol.iterator]());
  clock.advance(1);
  assertThrows(() => task.pause(), TaskDone);
  assertThrows(() => task.stop(), TaskDone);
  assertThrows(() => task.resume(), NotPaused);
});

Deno.test("A task that has failed refuses pause and stop with TaskFailed, which knows why", () => {
  const { clock, cooperator } = oneStepATime();
  const task = cooperator.cooperate(failing("no more"));
  task.whenDone().addErrback(() => {});
  clock.advance(1);
  assertThrows(() => task.pause(), TaskFailed);
  const error = assertThrows(() => task.stop(), TaskFailed);
  assertEquals(error.cause instanceof RangeError, true);
});

Deno.test("A task that was stopped refuses pause and stop with TaskStopped", () => {
  const { cooperator } = oneStepATime();
  const task = cooperator.cooperate(forever());
  task.stop();
  assertThrows(() => task.pause(), TaskStopped);
  assertThrows(() => task.stop(), TaskStopped);
});

Deno.test("TaskDone, TaskFailed and TaskStopped are TaskFinished; all of them are SchedulerErrors", () => {
  for (const type of [TaskDone, TaskFailed, TaskStopped]) {
    const error = new type("over");
    assertEquals(error instanceof TaskFinished, true);
    assertEquals(error instanceof SchedulerError, true);
    assertEquals(error.name, type.name);
  }
  assertEquals(new NotPaused("no") instanceof SchedulerError, true);
  assertEquals(new SchedulerStopped("no") instanceof SchedulerError, true);
  assertEquals(new SchedulerStopped("no") instanceof TaskFinished, false);
});

Deno.test("A stopped task does no more, and its whenDone fails with TaskStopped", () => {
  const done: string[] = [];
  const { clock, cooperator } = oneStepATime();
  const task = cooperator.cooperate(work("a", 5, done));
  const results = ends(task.whenDone());
  clock.advance(1);
  task.stop();
  assertEquals(results, [TaskStopped]);
  assertEquals(clock.getDelayedCalls(), []);
  assertEquals(done, ["a1"]);
});

Deno.test("A task can be stopped while it is paused", () => {
  const { clock, cooperator } = oneStepATime();
  const task = cooperator.cooperate(forever());
  const results = ends(task.whenDone());
  task.pause();
  task.stop();
  assertEquals(results, [TaskStopped]);
  task.resume();
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("A deferred that fails after its task was stopped is an unhandled error", () => {
  const messages = unhandledAfter(() => {
    const d = new Deferred<void>();
    function* waiting() {
      yield d;
    }
    const { clock, cooperator } = oneStepATime();
    const task = cooperator.cooperate(waiting());
    clock.advance(1);
    const results = ends(task.whenDone());
    task.stop();
    d.errback(new Error("too late"));
    assertEquals(results, [TaskStopped]);
  });
  assertEquals(messages, ["too late"]);
});

Deno.test("A task can stop itself in a step, whatever that gives", () => {
  const endings = [() => {}, () => new Deferred<void>(), () => {
    throw new Error("after the stop");
  }];
  const messages = unhandledAfter(() => {
    for (const end of endings) {
      const { clock, cooperator } = oneStepATime();
      const stopping = function* () {
        task.stop();
        yield end();
      };
      const task: CooperativeTask = cooperator.cooperate(stopping());
      const results = ends(task.whenDone());
      clock.advance(1);
      assertEquals(results, [TaskStopped]);
      assertEquals(clock.getDelayedCalls(), []);
    }
  });
  assertEquals(messages, ["after the stop"]);
});

Deno.test("Cooperator.stop ends all tasks with SchedulerStopped", () => {
  const { clock, cooperator } = oneStepATime();
  const results = [1, 2, 3, 4].map(() => ends(cooperator.coiterate(forever())));
  clock.advance(1);
  cooperator.stop();
  assertEquals(cooperator.running, false);
  assertEquals(results, Array(4).fill([SchedulerStopped]));
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("A stopped cooperator ends a task that is added later at once, and a paused one when it is resumed", () => {
  const { cooperator } = oneStepATime();
  const paused = cooperator.cooperate(forever());
  const pausedResults = ends(paused.whenDone());
  paused.pause();
  cooperator.stop();
  assertEquals(ends(cooperator.coiterate(forever())), [SchedulerStopped]);
  assertEquals(pausedResults, []);
  paused.resume();
  assertEquals(pausedResults, [SchedulerStopped]);
  assertThrows(() => paused.pause(), SchedulerStopped);
});

Deno.test("A cooperator can be stopped out of a step, and out of whenDone", () => {
  const { clock, cooperator } = oneStepATime();
  const other = ends(cooperator.coiterate(forever()));
  cooperator.cooperate([][Symbol.iterator]()).whenDone()
    .addCallback(() => cooperator.stop());
  clock.pump([1, 1]);
  assertEquals(other, [SchedulerStopped]);

  const { clock: time, cooperator: stopped } = oneStepATime();
  const results = ends(stopped.coiterate(function* () {
    yield stopped.stop();
  }()));
  time.advance(1);
  assertEquals(results, [SchedulerStopped]);
});

Deno.test("A cooperator that is not started works on nothing until it is", () => {
  const done: string[] = [];
  const { clock, cooperator } = oneStepATime(false);
  assertEquals(cooperator.running, false);
  cooperator.cooperate(work("a", 1, done));
  assertEquals(clock.getDelayedCalls(), []);
  cooperator.start();
  assertEquals(cooperator.running, true);
  clock.advance(1);
  assertEquals(done, ["a1"]);
});

Deno.test("A stopped cooperator that is started again takes tasks", () => {
  const done: string[] = [];
  const { clock, cooperator } = oneStepATime();
  cooperator.stop();
  cooperator.start();
  cooperator.cooperate(work("a", 1, done));
  clock.advance(1);
  assertEquals(done, ["a1"]);
});

Deno.test("A task can add tasks in its steps", () => {
  const done: string[] = [];
  const { clock, cooperator } = oneStepATime();
  cooperator.cooperate(function* () {
    yield cooperator.cooperate(work("b", 2, done));
    yield done.push("a2");
  }());
  clock.pump(Array(6).fill(1));
  assertEquals(done, ["b1", "a2", "b2"]);
});

Deno.test("A cooperator asks its termination predicate after every step, a new one in each slice", () => {
  const done: string[] = [];
  const clock = new Clock();
  const cooperator = new Cooperator(clock, {
    terminationPredicateFactory: () => {
      done.push("slice");
      let steps = 0;
      return () => ++steps === 2;
    },
    scheduler: (slice) => clock.callLater(1, slice),
  });
  cooperator.cooperate(work("a", 3, done));
  clock.pump([1, 1]);
  assertEquals(done, ["slice", "a1", "a2", "slice", "a3"]);
});

Deno.test("A slice ends after a hundredth of a second on the clock", () => {
  const clock = new Clock();
  let steps = 0;
  const cooperator = new Cooperator(clock, {
    scheduler: (slice) => clock.callLater(1, slice),
  });
  cooperator.cooperate(function* () {
    while (true) {
      steps++;
      clock.advance(0.004);
      yield;
    }
  }());
  clock.advance(1);
  assertEquals(steps, 3);
});

Deno.test("A slice ends on a clock that stands still, too", () => {
  const clock = new Clock();
  let steps = 0;
  const task = cooperate(
    clock,
    function* () {
      while (true) yield steps++;
    }(),
  );
  clock.advance(1);
  const inOne = steps;
  clock.advance(1);
  assertEquals(inOne > 1, true);
  assertEquals(steps, 2 * inOne);
  task.whenDone().addErrback(() => {});
  task.stop();
});

Deno.test("A task without an end does not hold up the reactor", async () => {
  const reactor = new Reactor({ backend: createMemoryBackend() });
  const task = cooperate(reactor, forever());
  const results = ends(task.whenDone());
  reactor.callLater(0, () => {
    task.stop();
    reactor.stop();
  });
  await reactor.run();
  assertEquals(results, [TaskStopped]);
});

Deno.test("cooperate and coiterate share the time among all tasks of a clock", () => {
  const done: string[] = [];
  const clock = new Clock();
  const iterator = work("b", 2, done);
  cooperate(clock, work("a", 2, done));
  const d: Deferred<typeof iterator> = coiterate(clock, iterator);
  assertEquals(clock.getDelayedCalls().length, 1);
  const results = ends(d);
  clock.advance(1);
  assertEquals(done, ["a1", "b1", "a2", "b2"]);
  assertStrictEquals(results[0], iterator);
});

Deno.test("cooperate keeps the tasks of two clocks apart", () => {
  const done: string[] = [];
  const [one, other] = [new Clock(), new Clock()];
  cooperate(one, work("a", 1, done));
  cooperate(other, work("b", 1, done));
  one.advance(1);
  assertEquals(done, ["a1"]);
});

Deno.test("A cooperator refuses what is not an iterator, and what is an async one", () => {
  const { clock, cooperator } = oneStepATime();
  assertThrows(
    // @ts-expect-error -- an array can be iterated, but is no iterator
    () => cooperator.cooperate([1, 2]),
    TypeError,
    "The iterator of a task must have a next(), got an Array",
  );
  assertThrows(
    () => cooperator.cooperate(Object.create(null)),
    TypeError,
    "The iterator of a task must have a next(), got an object",
  );
  assertThrows(
    () =>
      // @ts-expect-error -- an async generator gives promises of its steps
      cooperator.cooperate(async function* () {
        yield await Promise.resolve();
      }()),
    TypeError,
    "must not be async",
  );
  assertThrows(
    // @ts-expect-error -- the clock comes first
    () => new Cooperator(),
    TypeError,
    "Cooperator: clock must be an object with a callLater, like a reactor, got undefined",
  );
  assertEquals(clock.getDelayedCalls(), []);
});

Deno.test("A task that waits for a deferred, and is paused and resumed, goes on waiting", () => {
  const { clock, cooperator } = oneStepATime();
  const done: string[] = [];
  const d = new Deferred<void>();
  function* waiting() {
    yield d;
    done.push("went on");
  }
  const task = cooperator.cooperate(waiting());
  clock.advance(1);
  task.pause();
  task.resume();
  clock.pump([1, 1]);
  assertEquals(done, []);
  d.callback();
  clock.pump([1, 1]);
  assertEquals(done, ["went on"]);
});

Deno.test("A predicate that throws holds no task up", () => {
  const clock = new Clock();
  const done: string[] = [];
  let failures = 2;
  const cooperator = new Cooperator(clock, {
    terminationPredicateFactory: () => {
      if (failures-- > 0) throw new Error("no idea");
      return () => true;
    },
    scheduler: (slice) => clock.callLater(1, slice),
  });
  cooperator.cooperate(work("a", 2, done));
  assertThrows(() => clock.advance(1), Error, "no idea");
  assertThrows(() => clock.advance(1), Error, "no idea");
  clock.pump([1, 1]);
  assertEquals(done, ["a1", "a2"]);
});

Deno.test("an iterator that gives what cannot be looked at fails its own task alone", () => {
  const { clock, cooperator } = oneStepATime();
  const done: string[] = [];
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const broken: Iterator<unknown, unknown, undefined>[] = [
    { next: () => undefined as unknown as IteratorResult<unknown> },
    { next: () => ({ done: false, value: proxy }) },
  ];
  const results = broken.map((iterator) =>
    ends(cooperator.coiterate(iterator))
  );
  cooperator.cooperate(work("a", 2, done));
  clock.pump([1, 1, 1, 1]);
  assertEquals(results, [[TypeError], [TypeError]]);
  assertEquals(done, ["a1", "a2"]);
});

Deno.test("A task that is paused from outside holds up no other", () => {
  const { clock, cooperator } = oneStepATime();
  const done: string[] = [];
  const paused = cooperator.cooperate(work("a", 2, done));
  cooperator.cooperate(work("b", 2, done));
  paused.pause();
  clock.pump([1, 1, 1]);
  assertEquals(done, ["b1", "b2"]);
});
