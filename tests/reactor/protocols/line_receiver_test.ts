import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { LineReceiver, log } from "../../../mod.ts";
import { AccumulatingProtocol, connectProtocols } from "../../../testing.ts";
import { assertCalls, bytes, connect, text, writes } from "./support.ts";

/** Notes its calls, and does what a line says that begins with a dot. */
class Lines extends LineReceiver {
  override delimiter = bytes("\r\n");
  calls: string[] = [];

  override lineReceived(line: Uint8Array): void {
    this.calls.push(text(line));
    switch (text(line)) {
      case ".lose":
        return this.transport.loseConnection();
      case ".abort":
        return this.transport.abortConnection();
      case ".stop":
        return this.stopProducing();
      case ".pause":
        return this.pauseProducing();
      case ".raw":
        return this.setRawMode();
      case ".more":
        return this.dataReceived(bytes("fed in\r\n"));
      case ".throw":
        throw new Error("no such line");
      case ".newline":
        this.delimiter = bytes("\n");
    }
  }

  /** Raw bytes go on up to a semicolon. */
  override rawDataReceived(data: Uint8Array): void {
    const all = text(data);
    const end = all.indexOf(";");
    for (const char of end < 0 ? all : all.slice(0, end)) {
      this.calls.push(`raw ${char}`);
    }
    if (end >= 0) this.setLineMode(data.subarray(end + 1));
  }
}

/** Has short lines, and goes on after one that is too long. */
class ShortLines extends Lines {
  // deno-lint-ignore camelcase -- the name of the field
  override MAX_LENGTH = 5;

  override lineLengthExceeded(start: Uint8Array): void {
    this.calls.push(`too long: ${text(start)}`);
  }
}

const makeLines = () => new Lines();

Deno.test("LineReceiver: lines come without their delimiters, empty ones too", () => {
  assertCalls(makeLines, "one\r\n\r\ntwo\r\nthr", ["one", "", "two"]);
});

Deno.test("LineReceiver: half a delimiter belongs to the line", () => {
  assertCalls(makeLines, "a\rb\nc\r\r\n", ["a\rb\nc\r"]);
});

Deno.test("LineReceiver: the delimiter can be of any length", () => {
  for (const delimiter of ["\n", "\0", "--", "aab", "<end of line>"]) {
    class Own extends Lines {
      override delimiter = bytes(delimiter);
    }
    const lines = ["x", "", "a", "-", "aa", "longer than the others"];
    const input = lines.map((line) => line + delimiter).join("");
    // What looks like the beginning of a delimiter may be a part of it.
    const expected = input.split(delimiter).slice(0, -1);
    assertCalls(() => new Own(), input, expected);
  }
});

Deno.test("LineReceiver: the delimiter can change from line to line", () => {
  assertCalls(makeLines, "a\nb\r\n.newline\r\nc\nd\n", [
    "a\nb",
    ".newline",
    "c",
    "d",
  ]);
});

Deno.test("LineReceiver: a delimiter changed between reads is searched in all that waits", () => {
  const { protocol } = connect(new Lines());
  protocol.dataReceived(bytes("one\ntwo\n"));
  protocol.delimiter = bytes("\n");
  protocol.dataReceived(bytes("thr"));
  assertEquals(protocol.calls, ["one", "two"]);
});

Deno.test("LineReceiver: by default a line may have 16384 bytes, and ends with CR LF", () => {
  const protocol = new LineReceiver();
  assertEquals(protocol.MAX_LENGTH, 16384);
  assertEquals(text(protocol.delimiter), "\r\n");
});

Deno.test("LineReceiver: a line of MAX_LENGTH is fine, whatever its end", () => {
  assertCalls(() => new ShortLines(), "12345\r\nabcde\r\n", ["12345", "abcde"]);
});

Deno.test("LineReceiver: a line over the limit is reported once, with how it begins", () => {
  assertCalls(() => new ShortLines(), "123456\r\n", ["too long: 123456\r"]);
  assertCalls(() => new ShortLines(), "1234567", ["too long: 1234567"]);
  assertCalls(() => new ShortLines(), "1".repeat(99), ["too long: 1111111"]);
  assertCalls(() => new ShortLines(), "123456", []);
});

Deno.test("LineReceiver: after a line over the limit, the next ones come", () => {
  const input = "one\r\n123456\r\ntwo\r\n1234567890\r\r\n\r\nthree\r\n";
  assertCalls(() => new ShortLines(), input, [
    "one",
    "too long: 123456\r",
    "two",
    "too long: 1234567",
    "",
    "three",
  ]);
});

Deno.test("LineReceiver: a line over the limit closes the connection", () => {
  const { protocol, transport } = connect(new Lines());
  protocol.dataReceived(bytes("x".repeat(16384)));
  protocol.dataReceived(bytes("\r"));
  assert(!transport.disconnecting);
  protocol.dataReceived(bytes("x"));
  assert(transport.disconnecting);
  protocol.dataReceived(bytes("\r\nnext\r\n"));
  assertEquals(protocol.calls, []);
});

Deno.test("LineReceiver: raw mode begins with the byte behind the line", () => {
  assertCalls(makeLines, "a\r\n.raw\r\nb\r\nc", [
    "a",
    ".raw",
    "raw b",
    "raw \r",
    "raw \n",
    "raw c",
  ]);
});

Deno.test("LineReceiver: line mode begins with what is handed to setLineMode", () => {
  assertCalls(makeLines, ".raw\r\nbc;d\r\n\r\n.raw\r\n;e\r\n", [
    ".raw",
    "raw b",
    "raw c",
    "d",
    "",
    ".raw",
    "e",
  ]);
});

Deno.test("LineReceiver: the change between lines and raw bytes takes no stack", () => {
  const rounds = 10_000;
  const { protocol } = connect(new Lines());
  protocol.dataReceived(bytes(".raw\r\n;".repeat(rounds)));
  assertEquals(protocol.calls.length, rounds);
});

Deno.test("LineReceiver: setLineMode outside of a receiver hands lines on at once", () => {
  const { protocol } = connect(new Lines());
  protocol.setRawMode();
  protocol.setLineMode(bytes("one\r\ntwo"));
  assertEquals(protocol.calls, ["one"]);
});

Deno.test("LineReceiver: raw mode chosen for a line over the limit gets its rest", () => {
  class RawRest extends ShortLines {
    override lineLengthExceeded(start: Uint8Array): void {
      super.lineLengthExceeded(start);
      this.setRawMode();
    }
  }
  assertCalls(() => new RawRest(), "1234567;ok\r\n", [
    "too long: 1234567",
    "raw 7",
    "ok",
  ]);
});

Deno.test("LineReceiver: what setLineMode is given for a line over the limit comes behind its rest", () => {
  class Instead extends ShortLines {
    override lineLengthExceeded(start: Uint8Array): void {
      super.lineLengthExceeded(start);
      this.setLineMode(bytes("in"));
      this.setLineMode(bytes("st\r\n"));
    }
  }
  const input = "ok\r\nabcdefghijklmnop\r\nnext\r\n1234567\r\n";
  assertCalls(() => new Instead(), input, [
    "ok",
    "too long: abcdefg",
    "inst",
    "next",
    "too long: 1234567",
    "inst",
  ]);
});

Deno.test("LineReceiver: raw mode and clearLineBuffer get what setLineMode was given meanwhile", () => {
  const taken: string[] = [];
  class Changing extends ShortLines {
    override lineLengthExceeded(): void {
      this.setLineMode(bytes("extra "));
      if (taken.length === 0) taken.push(text(this.clearLineBuffer()));
      else this.setRawMode();
    }
  }
  const { protocol } = connect(new Changing());
  protocol.dataReceived(bytes("123456789"));
  assertEquals(taken, ["extra 789"]);
  protocol.dataReceived(bytes("\r\n1234567;"));
  assertEquals(protocol.calls, ["", ..."extra 7"].map((c) => c && `raw ${c}`));
});

Deno.test("LineReceiver: nothing comes after the connection was told to close", () => {
  assertCalls(makeLines, "one\r\n.lose\r\ntwo\r\n", ["one", ".lose"]);
  assertCalls(makeLines, ".stop\r\ntwo\r\n", [".stop"]);
});

Deno.test("LineReceiver: nothing comes after stopProducing, without a transport either", () => {
  const protocol = new Lines();
  protocol.dataReceived(bytes("one\r\n.stop\r\ntwo\r\n"));
  assertEquals(protocol.calls, ["one", ".stop"]);
});

Deno.test("LineReceiver: nothing is kept after the connection was told to close", () => {
  const { protocol } = connect(new Lines());
  protocol.dataReceived(bytes(".lose\r\ntwo\r\n"));
  protocol.dataReceived(bytes("three"));
  assertEquals(protocol.clearLineBuffer().length, 0);
});

Deno.test("LineReceiver: while it is paused, lines wait", () => {
  const { protocol, transport } = connect(new Lines());
  protocol.dataReceived(bytes("one\r\n.pause\r\ntwo\r\n"));
  assertEquals(protocol.calls, ["one", ".pause"]);
  assertEquals(transport.producerState, "paused");
  assert(protocol.paused);
  protocol.dataReceived(bytes(".pause\r\nthree\r\n"));
  assertEquals(protocol.calls, ["one", ".pause"]);
  protocol.resumeProducing();
  assertEquals(protocol.calls, ["one", ".pause", "two", ".pause"]);
  assertEquals(transport.producerState, "paused");
  protocol.resumeProducing();
  assertEquals(protocol.calls.slice(4), ["three"]);
  assertEquals(transport.producerState, "producing");
  assert(!protocol.paused);
});

Deno.test("LineReceiver: what a line feeds in comes behind all that has come", () => {
  const { protocol } = connect(new Lines());
  protocol.dataReceived(bytes(".more\r\ntwo\r\n"));
  assertEquals(protocol.calls, [".more", "two", "fed in"]);
});

Deno.test("LineReceiver: an error comes out, and what is left comes with the next bytes", () => {
  const { protocol } = connect(new Lines());
  assertThrows(
    () => protocol.dataReceived(bytes("one\r\n.throw\r\ntwo\r\n")),
    Error,
    "no such line",
  );
  assertEquals(protocol.calls, ["one", ".throw"]);
  protocol.dataReceived(bytes("three\r\n"));
  assertEquals(protocol.calls.slice(2), ["two", "three"]);
});

Deno.test("LineReceiver: a promise that a line returned is handed to the caller", async () => {
  class Later extends LineReceiver {
    override async lineReceived(line: Uint8Array): Promise<void> {
      await Promise.resolve();
      if (line.length > 0) throw new Error(text(line));
    }
  }
  const { protocol } = connect(new Later());
  const returned: unknown = protocol.dataReceived(bytes("\r\nlate\r\n"));
  await assertRejects(async () => await returned, Error, "late");
  const nothing: unknown = protocol.dataReceived(bytes("one"));
  assertEquals(nothing, undefined);
});

/** Lines that are waited for, and fail if they say so. */
class Waiting extends LineReceiver {
  override lineReceived(line: Uint8Array): void {
    if (text(line) === "throw") throw new Error("thrown");
    if (text(line) === "reject") {
      return Promise.reject(new Error("rejected")) as unknown as void;
    }
    if (text(line) === "raw") this.setRawMode();
  }
  override rawDataReceived(): void {}
}

/** What is logged while `fn` runs and all promises have gone on. */
async function loggedBy(fn: () => void): Promise<string[]> {
  const messages: string[] = [];
  const forget = log.addObserver(({ text, failure }) => {
    messages.push(`${text} ${failure?.getErrorMessage()}`);
  });
  fn();
  for (let i = 0; i < 10; i++) await Promise.resolve();
  forget();
  return messages;
}

const REJECTED = ["Unhandled error in a receiver of Waiting: rejected"];

Deno.test("LineReceiver: a rejection from before a line that throws is logged", async () => {
  const { protocol } = connect(new Waiting());
  const messages = await loggedBy(() => {
    const throwing = () => protocol.dataReceived(bytes("reject\r\nthrow\r\n"));
    assertThrows(throwing, Error, "thrown");
  });
  assertEquals(messages, REJECTED);
});

Deno.test("LineReceiver: what a line rejects with after resumeProducing ends the connection", async () => {
  const { protocol, transport } = connect(new Waiting());
  protocol.pauseProducing();
  protocol.dataReceived(bytes("reject\r\n"));
  assertEquals(await loggedBy(() => protocol.resumeProducing()), REJECTED);
  assert(transport.disconnected);
});

Deno.test("LineReceiver: what a line rejects with after setLineMode ends the connection", async () => {
  const { protocol, transport } = connect(new Waiting());
  protocol.dataReceived(bytes("raw\r\n"));
  const messages = await loggedBy(() =>
    protocol.setLineMode(bytes("reject\r\n"))
  );
  assertEquals(messages, REJECTED);
  assert(transport.disconnected);
});

Deno.test("LineReceiver: what a receiver returns stops nothing, as it would not byte by byte", () => {
  class Counting extends Lines {
    override lineReceived(line: Uint8Array): number {
      super.lineReceived(line);
      return this.calls.length;
    }
    override rawDataReceived(data: Uint8Array): boolean {
      super.rawDataReceived(data);
      return true;
    }
  }
  const expected = ["one", ".raw", "raw a", "two"];
  assertCalls(() => new Counting(), "one\r\n.raw\r\na;two\r\n", expected);
  const { protocol } = connect(new Counting());
  const returned: unknown = protocol.dataReceived(bytes("one\r\ntwo\r\n"));
  assertEquals(returned, undefined);
});

Deno.test("LineReceiver: sendLine writes once", () => {
  const { protocol, transport } = connect(new Lines());
  assertEquals(writes(transport, () => protocol.sendLine(bytes("a"))), [
    "a\r\n",
  ]);
});

Deno.test("LineReceiver: sendLine adds the delimiter, and takes bytes alone", () => {
  const { protocol, transport } = connect(new Lines());
  protocol.sendLine(bytes("one"));
  protocol.sendLine(bytes(""));
  assertEquals(text(transport.value()), "one\r\n\r\n");
  // @ts-expect-error text has to be encoded first
  assertThrows(() => protocol.sendLine("two"), TypeError);
  assertEquals(text(transport.value()), "one\r\n\r\n");
});

Deno.test("LineReceiver: clearLineBuffer takes what is no line yet", () => {
  const { protocol } = connect(new Lines());
  protocol.dataReceived(bytes("one\r\ntwo"));
  assertEquals(text(protocol.clearLineBuffer()), "two");
  protocol.dataReceived(bytes("three\r\n"));
  assertEquals(protocol.calls, ["one", "three"]);
});

Deno.test("LineReceiver: what must be overridden says so", () => {
  const { protocol } = connect(new LineReceiver());
  assertThrows(
    () => protocol.dataReceived(bytes("\r\n")),
    Error,
    "LineReceiver must override lineReceived",
  );
  protocol.setRawMode();
  assertThrows(
    () => protocol.dataReceived(bytes("x")),
    Error,
    "LineReceiver must override rawDataReceived",
  );
});

Deno.test("LineReceiver: lines come without a transport too", () => {
  const protocol = new Lines();
  protocol.dataReceived(bytes("one\r\ntwo\r\n"));
  assertEquals(protocol.calls, ["one", "two"]);
});

Deno.test("LineReceiver: a peer that sends no delimiter cannot have much kept", () => {
  class Counting extends ShortLines {
    get held(): number {
      return this.buffer.length;
    }
  }
  const { protocol } = connect(new Counting());
  const read = bytes("x".repeat(1000));
  for (let reads = 0; reads < 100; reads++) {
    protocol.dataReceived(read);
    assert(protocol.held <= protocol.MAX_LENGTH + protocol.delimiter.length);
  }
  assertEquals(protocol.calls, ["too long: xxxxxxx"]);
});

Deno.test("LineReceiver: lines that were kept are not changed by later ones", () => {
  const kept: Uint8Array[] = [];
  class Keeping extends LineReceiver {
    override lineReceived(line: Uint8Array): void {
      kept.push(line);
    }
  }
  const { protocol } = connect(new Keeping());
  const lines = Array.from({ length: 300 }, (_, at) => `line ${at}`);
  const input = bytes(lines.map((line) => `${line}\r\n`).join(""));
  for (let at = 0; at < input.length; at += 7) {
    protocol.dataReceived(input.slice(at, at + 7));
  }
  assertEquals(kept.map(text), lines);
});

Deno.test("no line is delivered after abortConnection, not even one that is there", () => {
  const lines = new Lines();
  const pump = connectProtocols(new AccumulatingProtocol(), lines);
  pump.client.transport.write(bytes("one\r\n.abort\r\ntwo\r\n"));
  pump.flush();
  assertEquals(lines.calls, ["one", ".abort"]);
});
