import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import {
  CancelledError,
  type Consumer,
  type Deferred,
  FileSender,
  Protocol,
  type PullProducer,
  type ReadableFile,
} from "../../../mod.ts";
import { AccumulatingProtocol, connectProtocols } from "../../../testing.ts";

/** A consumer that keeps what it gets, and asks for more when a test says so. */
class Sink implements Consumer {
  readonly got: string[] = [];
  producer: PullProducer | undefined;

  write(data: Uint8Array): void {
    this.got.push(new TextDecoder().decode(data));
  }

  registerProducer(producer: PullProducer): void {
    if (this.producer !== undefined) throw new Error("There is one already");
    this.producer = producer;
    producer.resumeProducing();
  }

  unregisterProducer(): void {
    this.producer = undefined;
  }
}

/** A file of these pieces, one a read. A piece that is an error fails the read. */
function fileOf(...pieces: (string | Error)[]): ReadableFile {
  return {
    read(into) {
      const piece = pieces.shift();
      if (piece instanceof Error) return Promise.reject(piece);
      if (piece === undefined) return Promise.resolve(null);
      const { written } = new TextEncoder().encodeInto(piece, into);
      return Promise.resolve(written);
    },
  };
}

/** Lets all promises go on that can. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

function outcomeOf(sent: Deferred<Uint8Array>): string[] {
  const outcome: string[] = [];
  sent.addCallbacks(
    (last) => void outcome.push(`sent ${new TextDecoder().decode(last)}`),
    (failure) => void outcome.push(failure.getErrorMessage()),
  );
  return outcome;
}

Deno.test("FileSender: a file is read a piece at a time, when the last one is gone", async () => {
  const sink = new Sink();
  const outcome = outcomeOf(
    new FileSender().beginFileTransfer(fileOf("one", "two"), sink),
  );
  await settle();
  assertEquals(sink.got, ["one"]);
  sink.producer?.resumeProducing();
  sink.producer?.resumeProducing();
  await settle();
  assertEquals([sink.got, outcome], [["one", "two"], []]);
  sink.producer?.resumeProducing();
  await settle();
  assertEquals([sink.producer, outcome], [undefined, ["sent o"]]);
});

/** A consumer that keeps the arrays themselves, and whether they are its to keep. */
class Keeper extends Sink {
  readonly pieces: Uint8Array[] = [];
  readonly releasesPieces: boolean;

  constructor(releasesPieces: boolean) {
    super();
    this.releasesPieces = releasesPieces;
  }

  override write(data: Uint8Array): void {
    this.pieces.push(data);
  }
}

for (const releases of [true, false]) {
  Deno.test(`FileSender: a consumer that ${releases ? "needs no piece any more" : "may keep its pieces"} gets ${releases ? "the same bytes" : "new bytes"} each time`, async () => {
    const keeper = new Keeper(releases);
    new FileSender().beginFileTransfer(fileOf("one", "two"), keeper);
    await settle();
    keeper.producer?.resumeProducing();
    await settle();
    const [one, two] = keeper.pieces;
    assertEquals([keeper.pieces.length, one?.buffer === two?.buffer], [
      2,
      releases,
    ]);
  });
}

Deno.test("FileSender: what transform has made is never used again", async () => {
  const keeper = new Keeper(true);
  const transform = (piece: Uint8Array) => piece;
  new FileSender().beginFileTransfer(fileOf("one", "two"), keeper, {
    transform,
  });
  await settle();
  keeper.producer?.resumeProducing();
  await settle();
  const texts = keeper.pieces.map((piece) => new TextDecoder().decode(piece));
  assertEquals(texts, ["one", "two"]);
});

Deno.test("FileSender: a long file waits for its peer: no more than one piece is in memory", async () => {
  const size = 20 * 64 * 1024;
  let read = 0;
  const file: ReadableFile = {
    read(into) {
      const count = Math.min(into.length, size - read);
      into.fill((read >> 16) + 1, 0, count);
      read += count;
      return Promise.resolve(count || null);
    },
  };
  const pump = connectProtocols(new AccumulatingProtocol(), new Protocol());
  const sent = new FileSender().beginFileTransfer(file, pump.serverTransport);
  const received = () => pump.client.data.length;
  while (received() < size) {
    await settle();
    const waiting = read - received();
    assertEquals(waiting <= 64 * 1024, true, `${waiting} are waiting`);
    pump.pump(10_000);
  }
  await settle();
  pump.pump();
  await sent;
  const wrong = pump.client.data.filter((byte, at) => byte !== (at >> 16) + 1);
  assertEquals(wrong.length, 0);
});

Deno.test("FileSender: an empty file is sent at once", async () => {
  const sink = new Sink();
  const sent = new FileSender().beginFileTransfer(fileOf(), sink);
  assertEquals(await sent, new Uint8Array(0));
  assertEquals([sink.got, sink.producer], [[], undefined]);
});

Deno.test("FileSender: a read that gives 0 is EOF, as one that gives null", async () => {
  const sink = new Sink();
  const file = fileOf("one", "", "two");
  const outcome = outcomeOf(new FileSender().beginFileTransfer(file, sink));
  await settle();
  sink.producer?.resumeProducing();
  await settle();
  assertEquals([sink.got, outcome], [["one"], ["sent e"]]);
});

Deno.test("FileSender: a read that gives no number of bytes fails the transfer", async () => {
  for (const count of [-1, NaN, 1e6]) {
    const file = { read: () => Promise.resolve(count) };
    const outcome = outcomeOf(
      new FileSender().beginFileTransfer(file, new Sink()),
    );
    await settle();
    assertEquals(outcome, [
      `A file's read must give a number of bytes from 0 to 65536, got ${count}`,
    ]);
  }
});

Deno.test("FileSender: CHUNK_SIZE must be some bytes, and a sender that was refused can send", async () => {
  const sender = new FileSender();
  const sink = new Sink();
  sender.CHUNK_SIZE = 0;
  assertThrows(
    () => sender.beginFileTransfer(fileOf("one"), sink),
    RangeError,
    "CHUNK_SIZE must be 1 or more bytes, got 0",
  );
  sender.CHUNK_SIZE = 8;
  sender.beginFileTransfer(fileOf("one"), sink);
  await settle();
  assertEquals(sink.got, ["one"]);
});

Deno.test("FileSender: transform may be async, and its rejection fails the transfer", async () => {
  const sink = new Sink();
  const upper = (piece: Uint8Array) =>
    Promise.resolve(piece.map((byte) => byte - 32));
  new FileSender().beginFileTransfer(fileOf("one"), sink, { transform: upper });
  await settle();
  assertEquals(sink.got, ["ONE"]);
  const transform = () => Promise.reject(new Error("no capitals"));
  const outcome = outcomeOf(
    new FileSender().beginFileTransfer(fileOf("one"), new Sink(), {
      transform,
    }),
  );
  await settle();
  assertEquals(outcome, ["no capitals"]);
});

Deno.test("FileSender: pieces are as long as CHUNK_SIZE at most", async () => {
  const sink = new Sink();
  const sender = new FileSender();
  sender.CHUNK_SIZE = 4;
  sender.beginFileTransfer(fileOf("abcdefgh"), sink);
  await settle();
  assertEquals(sink.got, ["abcd"]);
});

Deno.test("FileSender: what transform makes of the pieces is sent, if it makes something", async () => {
  const sink = new Sink();
  const transform = (piece: Uint8Array) => piece.filter((byte) => byte > 97);
  const sent = new FileSender().beginFileTransfer(
    fileOf("aaa", "aba", "a"),
    sink,
    { transform },
  );
  await settle();
  assertEquals(sink.got, ["b"]);
  sink.producer?.resumeProducing();
  assertEquals(await sent, new Uint8Array([98]));
});

Deno.test("FileSender: a read that fails, fails the deferred with its error", async () => {
  const sink = new Sink();
  const broken = new Error("the disk is broken");
  const sent = new FileSender().beginFileTransfer(fileOf("one", broken), sink);
  await settle();
  const outcome = outcomeOf(sent);
  sink.producer?.resumeProducing();
  await settle();
  assertEquals(outcome, ["the disk is broken"]);
  assertEquals([sink.got, sink.producer], [["one"], undefined]);
});

Deno.test("FileSender: an error in transform fails the deferred", async () => {
  const sink = new Sink();
  const outcome = outcomeOf(
    new FileSender().beginFileTransfer(fileOf("one"), sink, {
      transform() {
        throw new Error("cannot transform");
      },
    }),
  );
  await settle();
  assertEquals([outcome, sink.got], [["cannot transform"], []]);
  assertEquals(sink.producer, undefined);
});

Deno.test("FileSender: a consumer that stops it fails the deferred, once", async () => {
  const sink = new Sink();
  const sender = new FileSender();
  const outcome = outcomeOf(
    sender.beginFileTransfer(fileOf("one", "two"), sink),
  );
  sender.stopProducing();
  sender.stopProducing();
  await settle();
  assertEquals(outcome, [
    "The file was not sent whole: its consumer wants no more",
  ]);
  assertEquals(sink.got, []);
});

Deno.test("FileSender: cancelling sends nothing more", async () => {
  const sink = new Sink();
  const sent = new FileSender().beginFileTransfer(fileOf("one"), sink);
  const seen: unknown[] = [];
  sent.addErrback((failure) => void seen.push(failure.value));
  sent.cancel();
  await settle();
  assertInstanceOf(seen[0], CancelledError);
  assertEquals([sink.got, sink.producer], [[], undefined]);
});

Deno.test("FileSender: a sender sends one file after the other, not two at once", async () => {
  const sink = new Sink();
  const sender = new FileSender();
  // A read of the first file that comes when the second is being sent.
  let finishRead: (count: number) => void = () => {};
  const slow = { read: () => new Promise<number>((done) => finishRead = done) };
  const outcome = outcomeOf(sender.beginFileTransfer(slow, sink));
  assertThrows(() => sender.beginFileTransfer(fileOf("no"), sink), Error);
  sender.stopProducing();
  sender.beginFileTransfer(fileOf("two"), sink);
  finishRead(3);
  await settle();
  assertEquals([sink.got, outcome.length], [["two"], 1]);
});

Deno.test("FileSender: a consumer that has a producer keeps it, and the sender is free again", async () => {
  const sink = new Sink();
  new FileSender().beginFileTransfer(fileOf("one"), sink);
  const first = sink.producer;
  const sender = new FileSender();
  assertThrows(() => sender.beginFileTransfer(fileOf("two"), sink), Error);
  assertEquals(sink.producer, first);
  await settle();
  const other = new Sink();
  sender.beginFileTransfer(fileOf("two"), other);
  await settle();
  assertEquals([sink.got, other.got], [["one"], ["two"]]);
});

Deno.test("FileSender: a read that is under way when a transfer is cancelled changes nothing of the next one", async () => {
  class Releasing extends Sink {
    readonly releasesPieces = true;
  }
  const sender = new FileSender();
  let late = () => {};
  const slow: ReadableFile = {
    read: (into) =>
      new Promise((resolve) => {
        late = () => {
          into.fill(88);
          resolve(into.length);
        };
      }),
  };
  const cancelled = sender.beginFileTransfer(slow, new Releasing());
  cancelled.addErrback(() => {});
  cancelled.cancel();
  const sink = new Releasing();
  const pieces = ["one", "two"];
  const file: ReadableFile = {
    read(into) {
      const { written } = new TextEncoder().encodeInto(
        pieces.shift() ?? "",
        into,
      );
      late();
      return Promise.resolve(written);
    },
  };
  sender.beginFileTransfer(file, sink);
  await settle();
  assertEquals(sink.got, ["one"]);
});
