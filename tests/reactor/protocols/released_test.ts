/** Receivers whose reads are overwritten when `dataReceived` has returned. */
import { assertEquals } from "@std/assert";
import {
  Int16StringReceiver,
  LineReceiver,
  NetstringReceiver,
  type Protocol,
} from "../../../mod.ts";
import { StringTransport } from "../../../testing.ts";
import { ByteBuffer } from "../../../reactor/protocols/byte_buffer.ts";
import { bytes, randomNumbers, text } from "./support.ts";

/** Feeds bytes in random reads, all of them into the same memory. */
function feed(
  protocol: Protocol,
  stream: Uint8Array,
  random: () => number,
): void {
  const memory = new Uint8Array(64);
  for (let at = 0; at < stream.length;) {
    const read = stream.subarray(at, at + 1 + Math.floor(random() * 64));
    memory.set(read);
    protocol.dataReceived(memory.subarray(0, read.length));
    memory.fill(0xdd);
    at += read.length;
  }
}

const MESSAGES = Array.from(
  { length: 200 },
  (_, at) => String.fromCharCode(97 + at % 26).repeat(at * 7 % 90),
);

function receivers(got: string[]): [Protocol, stream: string][] {
  class Lines extends LineReceiver {
    override releasesData = true;
    override lineReceived(line: Uint8Array): void {
      got.push(text(line));
    }
  }
  class Netstrings extends NetstringReceiver {
    override releasesData = true;
    override stringReceived(string: Uint8Array): void {
      got.push(text(string));
    }
  }
  class Strings extends Int16StringReceiver {
    override releasesData = true;
    override stringReceived(string: Uint8Array): void {
      got.push(text(string));
    }
  }
  const join = (form: (message: string) => string) =>
    MESSAGES.map(form).join("");
  return [
    [new Lines(), join((it) => `${it}\r\n`)],
    [
      new Netstrings(),
      join((it) => `${it.length}:${it},`),
    ],
    [
      new Strings(),
      join((it) => `\0${String.fromCharCode(it.length)}${it}`),
    ],
  ];
}

Deno.test("receivers: messages are whole where reads come into the same memory", () => {
  for (let seed = 0; seed < 20; seed++) {
    const got: string[] = [];
    for (const [protocol, stream] of receivers(got)) {
      feed(protocol, bytes(stream), randomNumbers(seed));
      assertEquals(got.splice(0), MESSAGES, protocol.constructor.name);
    }
  }
});

Deno.test("LineReceiver: what waits while it is paused is its own, where it releases its data", () => {
  const got: string[] = [];
  class Lines extends LineReceiver {
    override releasesData = true;
    override lineReceived(line: Uint8Array): void {
      got.push(text(line));
      this.pauseProducing();
    }
  }
  const lines = new Lines();
  lines.makeConnection(new StringTransport());
  const memory = bytes("one\r\ntwo\r\nthr");
  lines.dataReceived(memory);
  memory.fill(0xdd);
  lines.resumeProducing();
  assertEquals([got, lines.bufferedBytes], [["one", "two"], 3]);
});

Deno.test("LineReceiver: what a receiver feeds in is copied, where it releases its data", () => {
  const got: string[] = [];
  const memory = bytes("fed\r\n");
  class Lines extends LineReceiver {
    override releasesData = true;
    override lineReceived(line: Uint8Array): void {
      got.push(text(line));
      if (got.length > 1) return;
      this.dataReceived(memory);
      memory.fill(0xdd);
    }
  }
  new Lines().dataReceived(bytes("one\r\n"));
  assertEquals(got, ["one", "fed"]);
});

Deno.test("LineReceiver: what clearLineBuffer gives may be kept, where it releases its data", () => {
  let kept: Uint8Array | undefined;
  class Lines extends LineReceiver {
    override releasesData = true;
    override lineReceived(): void {
      kept = this.clearLineBuffer();
    }
  }
  const memory = bytes("one\r\nthe rest");
  new Lines().dataReceived(memory);
  memory.fill(0xdd);
  assertEquals(text(kept ?? bytes("")), "the rest");
});

Deno.test("LineReceiver: what setLineMode got behind a line over the limit is its own, where it releases its data", () => {
  const got: string[] = [];
  const memory = bytes("x".repeat(9) + "more");
  class Lines extends LineReceiver {
    override releasesData = true;
    override MAX_LENGTH = 5;
    override lineReceived(line: Uint8Array): void {
      got.push(text(line));
    }
    override lineLengthExceeded(): void {
      this.setLineMode(memory.subarray(9));
    }
  }
  const lines = new Lines();
  lines.dataReceived(memory.subarray(0, 9));
  memory.fill(0xdd);
  lines.dataReceived(bytes("xx\r\n\r\n"));
  assertEquals(got, ["more"]);
});

Deno.test("ByteBuffer: what waits is copied once, where reads are released", () => {
  const buffer = new ByteBuffer();
  const read = bytes("some bytes");
  buffer.add(read);
  buffer.skip(5);
  buffer.settle(true);
  const own = buffer.peek().buffer;
  read.fill(0xdd);
  buffer.settle(true);
  assertEquals(text(buffer.peek()), "bytes");
  assertEquals(buffer.peek().buffer === own, true);
});
