/**
 * The Byronification Engine, which turns any poem into one of Lord Byron's. It may fail in
 * the way that its interface documents, and does fail in a way that it doesn't. First a
 * synchronous program uses it, then a client like 3.1.
 *
 * In the first, an error that nobody expected goes up to whoever called, until somebody
 * catches it. In the second, it is the reactor who called: the error ends in the log, and
 * the errback is not told, though it is there for poems that failed.
 *
 *     deno run examples/byronify.ts
 *
 * @module
 */

import {
  ClientFactory,
  createMemoryBackend,
  Factory,
  type Failure,
  install,
  Protocol,
  reactor,
} from "../mod.ts";
import "./shared/output.ts";

// --- The engine

/** What was to be byronified is no poem. */
class GibberishError extends Error {}

/** Turns poems into poems by Lord Byron. */
interface ByronificationEngine {
  /**
   * Gives a poem like the one it is given, but in the style of Lord Byron.
   *
   * @throws {GibberishError} if it was given no genuine poem
   */
  byronificate(poem: string): string;
}

const engine: ByronificationEngine = {
  byronificate(poem) {
    if (!poem.includes("\n")) {
      throw new GibberishError("A poem has more than one line.");
    }
    // Nothing in the interface says a word of this.
    if (poem.includes("sea")) throw new RangeError("The inkwell is empty.");
    return `She walks in beauty, like the night;\n${poem}`;
  },
};

const POEMS = {
  genuine: "The night is long,\nand so is the song.",
  gibberish: "asdf jkl",
  difficult: "All day the sea\nwas calling me.",
};

// --- The synchronous program

function serve(poem: string) {
  let served: string;
  try {
    served = engine.byronificate(poem);
  } catch (error) {
    if (!(error instanceof GibberishError)) throw error;
    console.log(`Not byronified: ${error.message}`);
    served = poem;
  }
  console.log(`${served}\n`);
}

function serveAll() {
  console.log("--- The synchronous program\n");
  try {
    Object.values(POEMS).forEach(serve);
  } catch (error) {
    console.log(`The caller gets to know: ${error}\n`);
  }
}

// --- The client with callback and errback

class PoemServer extends Protocol {
  override connectionMade() {
    const { poem } = this.factory as PoemServerFactory;
    this.transport.write(new TextEncoder().encode(poem));
    this.transport.loseConnection();
  }
}

class PoemServerFactory extends Factory {
  override protocol = PoemServer;
  readonly poem: string;

  constructor(poem: string) {
    super();
    this.poem = poem;
  }
}

class PoetryProtocol extends Protocol {
  #poem = "";
  #decoder = new TextDecoder();
  override dataReceived(data: Uint8Array) {
    this.#poem += this.#decoder.decode(data, { stream: true });
  }
  override connectionLost() {
    const poem = this.#poem + this.#decoder.decode();
    (this.factory as PoetryClientFactory).callback(poem);
  }
}

class PoetryClientFactory extends ClientFactory {
  override protocol = PoetryProtocol;
  readonly callback: (poem: string) => void;
  readonly errback: (failure: Failure) => void;

  constructor(
    callback: (poem: string) => void,
    errback: (failure: Failure) => void,
  ) {
    super();
    this.callback = callback;
    this.errback = errback;
  }
  override clientConnectionFailed(_connector: unknown, reason: Failure) {
    this.errback(reason);
  }
}

async function getAll() {
  console.log("--- The client with callback and errback\n");
  install(createMemoryBackend());
  let waiting = 0;

  function gotPoem(poem: string) {
    serve(poem);
    waiting--;
  }

  function poemFailed(failure: Failure) {
    console.log(`The errback gets to know: ${failure.getErrorMessage()}`);
    waiting--;
  }

  for (const poem of Object.values(POEMS)) {
    const port = reactor.listenTCP(0, new PoemServerFactory(poem));
    const factory = new PoetryClientFactory(gotPoem, poemFailed);
    reactor.connectTCP("poems", port.getHost().port, factory);
    waiting++;
  }
  reactor.callLater(0.2, () => reactor.stop());
  await reactor.run();
  console.log(`Nobody gets to know. Poems still waited for: ${waiting}`);
}

serveAll();
await getAll();
