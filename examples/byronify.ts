/**
 * The Byronification Engine, which turns any poem into one of Lord Byron's. It may fail in
 * the way that its interface documents, and does fail in a way that it doesn't. What is
 * wanted: gibberish counts as a poem that could not be downloaded, and after any other
 * error the poem is printed as it came.
 *
 * A synchronous program does that with try and catch. In a client like 3.1 it is the
 * reactor who called, and so the reactor gets both errors. It knows nothing of poems: they
 * end in the log, and the errback, which is there for poems that failed, is not called.
 *
 *     deno run examples/byronify.ts
 *
 * @module
 */

import {
  ClientFactory,
  ConnectionDone,
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

const POEMS: Record<string, string> = {
  genuine: "The night is long,\nand so is the song.",
  gibberish: "asdf jkl",
  difficult: "All day the sea\nwas calling me.",
};

/** The poems that there are, and one that nobody has. */
const WANTED = [...Object.keys(POEMS), "lost"];

// --- The synchronous program

function getPoetry(name: string): string {
  const poem = POEMS[name];
  if (poem === undefined) throw new Error(`Nobody has the ${name} poem.`);
  return poem;
}

function printPoem(name: string) {
  let poem: string;
  try {
    poem = getPoetry(name);
  } catch {
    console.log("The poem download failed.\n");
    return;
  }
  try {
    poem = engine.byronificate(poem);
  } catch (error) {
    if (error instanceof GibberishError) {
      console.log("The poem download failed.\n");
      return;
    }
    // Any other error: the poem stays as it is.
  }
  console.log(`${poem}\n`);
}

// --- The client with callback and errback

class PoemServer extends Protocol {
  declare factory: PoemServerFactory;

  override connectionMade() {
    this.transport.write(new TextEncoder().encode(this.factory.poem));
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
  declare factory: PoetryClientFactory;
  poem = "";
  decoder = new TextDecoder();

  override dataReceived(data: Uint8Array) {
    this.poem += this.decoder.decode(data, { stream: true });
  }

  override connectionLost(reason: Failure) {
    if (!reason.check(ConnectionDone)) return this.factory.poemFailed(reason);
    this.poemReceived(this.poem + this.decoder.decode());
  }

  poemReceived(poem: string) {
    this.factory.poemFinished(poem);
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

  poemFinished(poem: string) {
    this.callback(poem);
  }

  poemFailed(reason: Failure) {
    this.errback(reason);
  }

  override clientConnectionFailed(_: unknown, reason: Failure) {
    this.poemFailed(reason);
  }
}

async function getAll() {
  install(createMemoryBackend());
  let waiting = WANTED.length;

  function gotPoem(poem: string) {
    console.log(`${engine.byronificate(poem)}\n`);
    waiting--;
  }

  function poemFailed() {
    console.log("The poem download failed.\n");
    waiting--;
  }

  for (const [i, name] of WANTED.entries()) {
    const poem = POEMS[name];
    if (poem !== undefined) {
      reactor.listenTCP(10000 + i, new PoemServerFactory(poem));
    }
    const factory = new PoetryClientFactory(gotPoem, poemFailed);
    reactor.connectTCP("poems", 10000 + i, factory);
  }
  // Nobody tells when the last one has failed: after a while, it is given up.
  reactor.callLater(2, () => reactor.stop());
  await reactor.run();
  console.log(`Poems still waited for: ${waiting}`);
}

// So that the stacks in the log reach down to the reactor.
Error.stackTraceLimit = Infinity;

console.log("--- The synchronous program\n");
WANTED.forEach(printPoem);
console.log("--- The client with callback and errback\n");
await getAll();
