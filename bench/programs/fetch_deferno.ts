/** Fetches poems with this library. Its argument is the server's port. */

import {
  ClientFactory,
  CONNECTION_DONE,
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
  poemBytes,
  POEMS,
  poemsPerSecond,
} from "./poem.ts";

const port = Number(Deno.args[0]);
const whole = new TextDecoder().decode(poemBytes());

class PoetryProtocol extends Protocol {
  declare factory: PoetryClientFactory;
  #decoder = new TextDecoder();
  #poem = "";

  override dataReceived(data: Uint8Array): void {
    this.#poem += this.#decoder.decode(data, { stream: true });
  }

  override connectionLost(reason: Failure): void {
    if (reason.value === CONNECTION_DONE) {
      this.factory.poemFinished(this.#poem + this.#decoder.decode());
    } else {
      this.factory.poemFailed(reason);
    }
  }
}

class PoetryClientFactory extends ClientFactory {
  override protocol = PoetryProtocol;
  #deferred: Deferred<string> | undefined;

  constructor(deferred: Deferred<string>) {
    super();
    this.#deferred = deferred;
  }

  poemFinished(poem: string): void {
    const deferred = this.#deferred;
    this.#deferred = undefined;
    deferred?.callback(poem);
  }

  poemFailed(reason: Failure): void {
    const deferred = this.#deferred;
    this.#deferred = undefined;
    deferred?.errback(reason);
  }

  override clientConnectionFailed(_: Connector, reason: Failure): void {
    this.poemFailed(reason);
  }
}

function getPoetry(host: string, port: number): Deferred<string> {
  const d = new Deferred<string>();
  reactor.connectTCP(host, port, new PoetryClientFactory(d));
  return d;
}

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
