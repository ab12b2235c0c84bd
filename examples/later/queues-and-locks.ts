/**
 * Who waits for whom, without threads. A lock admits one at a time, a semaphore a few, and a
 * queue hands values to those who wait for them. Each wait is a deferred.
 *
 *     deno run examples/later/queues-and-locks.ts
 *
 * @module
 */

import {
  deferLater,
  DeferredList,
  DeferredLock,
  DeferredQueue,
  DeferredSemaphore,
  inlineCallbacks,
  react,
  reactor,
  wait,
} from "../../mod.ts";
import "../shared/output.ts";

const POEMS = ["ecstasy", "fascination", "science"];

/** Stands for a download. */
const fetchPoem = inlineCallbacks(function* (name: string) {
  console.log(`  ${name} begins`);
  yield* wait(deferLater(reactor, 0.05));
  console.log(`  ${name} ends`);
  return name;
});

function fetchAll(limit: DeferredLock | DeferredSemaphore) {
  return new DeferredList(POEMS.map((name) => limit.run(fetchPoem, name)));
}

/** Takes poems out of a queue for ever. */
const read = inlineCallbacks(
  function* (reader: string, queue: DeferredQueue<string>) {
    while (true) console.log(`  ${reader} reads ${yield* wait(queue.get())}`);
  },
);

const main = inlineCallbacks(function* () {
  console.log("A lock: one download at a time.");
  yield* wait(fetchAll(new DeferredLock()));

  console.log("A semaphore: two at a time.");
  yield* wait(fetchAll(new DeferredSemaphore(2)));

  console.log("A queue, with two readers, who take turns:");
  const queue = new DeferredQueue<string>();
  const readers = ["Ann", "Bob"].map((name) => read(name, queue));
  for (const name of POEMS) queue.put(name);

  console.log(
    "Nothing is left to read, so they wait; nobody has to, for ever:",
  );
  for (const reader of readers) {
    reader.addErrback((failure) => console.log(`  ${failure.value}`));
    reader.cancel();
  }
});

await react(reactor, main);
