/** Fetches poems with client 4.0. Its argument is the server's port. */

import { getPoetry } from "../../clients/get-poetry-4.ts";
import { Deferred, reactor } from "../../mod.ts";
import { answer } from "./answer.ts";
import {
  AT_ONCE,
  checkPoem,
  poemBytes,
  POEMS,
  poemsPerSecond,
} from "./poem.ts";

const port = Number(Deno.args[0]);
const whole = new TextDecoder().decode(poemBytes());

function fetchAll(): Promise<void> {
  const done = new Deferred<void>();
  let toStart = POEMS;
  let toCome = POEMS;

  function fetchNext(): void {
    if (toStart === 0) return;
    toStart--;
    getPoetry("127.0.0.1", port)
      .addCallback(checkPoem, whole)
      .addCallback(gotPoem)
      .addErrback((failure) => done.errback(failure));
  }

  function gotPoem(): void {
    toCome--;
    if (toCome === 0) done.callback();
    else fetchNext();
  }

  for (let started = 0; started < AT_ONCE; started++) fetchNext();
  return done.toPromise();
}

await Promise.all([
  reactor.run(),
  answer(0, () => poemsPerSecond(fetchAll)),
]);
