/**
 * Fetches poems with client 4.0, or with a protocol that only counts the bytes. Its
 * arguments are the server's port and, for the latter, "count".
 */

import { getPoetry } from "../../clients/get-poetry-4.ts";
import {
  ClientFactory,
  type Connector,
  Deferred,
  type Failure,
  Protocol,
  reactor,
} from "../../mod.ts";
import { answer } from "./answer.ts";
import {
  AT_ONCE,
  checkPoem,
  checkSize,
  poemBytes,
  POEMS,
  poemsPerSecond,
} from "./poem.ts";

const port = Number(Deno.args[0]);
const whole = new TextDecoder().decode(poemBytes());

class CountingFactory extends ClientFactory {
  override protocol = Counting;
  readonly counted = new Deferred<number>();

  override clientConnectionFailed(_: Connector, reason: Failure): void {
    this.counted.errback(reason);
  }
}

class Counting extends Protocol {
  declare factory: CountingFactory;
  override readonly releasesData = true;
  #size = 0;

  override dataReceived(data: Uint8Array): void {
    this.#size += data.length;
  }

  override connectionLost(): void {
    this.factory.counted.callback(this.#size);
  }
}

function fetchOne(): Deferred<void> {
  return getPoetry("127.0.0.1", port).addCallback(checkPoem, whole);
}

function countOne(): Deferred<void> {
  const factory = new CountingFactory();
  reactor.connectTCP("127.0.0.1", port, factory);
  return factory.counted.addCallback(checkSize);
}

const getOne = Deno.args[1] === "count" ? countOne : fetchOne;

function fetchAll(): Promise<void> {
  const done = new Deferred<void>();
  let toStart = POEMS;
  let toCome = POEMS;

  function fetchNext(): void {
    if (toStart === 0) return;
    toStart--;
    getOne()
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
