import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  Int16StringReceiver,
  Int32StringReceiver,
  Int8StringReceiver,
  type IntNStringReceiver,
  StringTooLongError,
} from "../../../mod.ts";
import {
  assertCalls,
  bytes,
  connect,
  type Noting,
  text,
  writes,
} from "./support.ts";

/** What the three have to do with a string. */
function note(protocol: IntNStringReceiver & Noting, string: Uint8Array): void {
  protocol.calls.push(text(string));
  if (text(string) === ".lose") protocol.transport.loseConnection();
  if (text(string) === ".pause") protocol.pauseProducing();
}

class Int8Strings extends Int8StringReceiver {
  calls: string[] = [];
  override stringReceived(string: Uint8Array): void {
    note(this, string);
  }
}

class Int16Strings extends Int16StringReceiver {
  calls: string[] = [];
  override stringReceived(string: Uint8Array): void {
    note(this, string);
  }
}

class Int32Strings extends Int32StringReceiver {
  calls: string[] = [];
  override stringReceived(string: Uint8Array): void {
    note(this, string);
  }
}

/** Goes on after a string that is too long. */
class ShortStrings extends Int16Strings {
  // deno-lint-ignore camelcase -- the name of the field
  override MAX_LENGTH = 5;
  override lengthLimitExceeded(length: number): void {
    this.calls.push(`too long: ${length}`);
  }
  get held(): number {
    return this.buffer.length;
  }
}

const KINDS = [
  { name: "Int8StringReceiver", Kind: Int8Strings, prefixLength: 1 },
  { name: "Int16StringReceiver", Kind: Int16Strings, prefixLength: 2 },
  { name: "Int32StringReceiver", Kind: Int32Strings, prefixLength: 4 },
];

/** Strings behind their lengths, the highest byte first. */
function prefixed(prefixLength: number, ...strings: string[]): Uint8Array {
  return Uint8Array.from(strings.flatMap((string) => {
    const view = new DataView(new ArrayBuffer(4));
    view.setUint32(0, string.length);
    const prefix = new Uint8Array(view.buffer).slice(4 - prefixLength);
    return [...prefix, ...bytes(string)];
  }));
}

for (const { name, Kind, prefixLength } of KINDS) {
  const make = () => new Kind();
  const encode = (...strings: string[]) => prefixed(prefixLength, ...strings);

  Deno.test(`${name}: strings come, empty ones too`, () => {
    const strings = ["hello", "", "a", "x".repeat(200), ""];
    assertCalls(make, encode(...strings), strings);
  });

  Deno.test(`${name}: half a string has to wait`, () => {
    assertCalls(make, encode("one", "two").slice(0, -1), ["one"]);
  });

  Deno.test(`${name}: what one sends another receives`, () => {
    const { protocol, transport } = connect(new Kind());
    const strings = ["", "hello", "x".repeat(255)];
    for (const string of strings) protocol.sendString(bytes(string));
    assertEquals(transport.value(), encode(...strings));
    assertCalls(make, transport.value(), strings);
  });

  Deno.test(`${name}: nothing comes after the connection was told to close`, () => {
    assertCalls(make, encode("a", ".lose", "b"), ["a", ".lose"]);
  });

  Deno.test(`${name}: while it is paused, strings wait`, () => {
    const { protocol, transport } = connect(new Kind());
    protocol.dataReceived(encode(".pause", "a"));
    protocol.dataReceived(encode("b"));
    assertEquals(protocol.calls, [".pause"]);
    assertEquals(transport.producerState, "paused");
    protocol.resumeProducing();
    assertEquals(protocol.calls, [".pause", "a", "b"]);
    assertEquals(transport.producerState, "producing");
  });

  Deno.test(`${name}: strings of up to 99999 bytes are received`, () => {
    assertEquals(new Kind().MAX_LENGTH, 99999);
  });

  Deno.test(`${name}: sendString writes once`, () => {
    const { protocol, transport } = connect(new Kind());
    assertEquals(writes(transport, () => protocol.sendString(bytes("a"))), [
      text(encode("a")),
    ]);
  });

  Deno.test(`${name}: sendString takes bytes alone`, () => {
    const { protocol, transport } = connect(new Kind());
    // @ts-expect-error text has to be encoded first
    assertThrows(() => protocol.sendString("hello"), TypeError);
    assertEquals(transport.value().length, 0);
  });
}

Deno.test("Int8StringReceiver, Int16StringReceiver: a string too long for its length is not sent", () => {
  for (const { Kind, prefixLength } of KINDS.slice(0, 2)) {
    const { protocol, transport } = connect(new Kind());
    const most = 256 ** prefixLength - 1;
    const error = assertThrows(
      () => protocol.sendString(new Uint8Array(most + 1)),
      StringTooLongError,
      `${most} are the most`,
    );
    assertEquals(error.name, "StringTooLongError");
    assertEquals(transport.value().length, 0);
    protocol.sendString(new Uint8Array(most));
    assertEquals(transport.value().length, prefixLength + most);
  }
});

Deno.test("Int32StringReceiver: MAX_LENGTH is for what is received, not for what is sent", () => {
  const { protocol, transport } = connect(new Int32Strings());
  protocol.sendString(new Uint8Array(100_000));
  assertEquals(transport.value().length, 100_004);
});

Deno.test("Int32StringReceiver: the longest length closes the connection as soon as it is there", () => {
  const { protocol, transport } = connect(new Int32Strings());
  protocol.dataReceived(new Uint8Array([255, 255, 255]));
  assert(!transport.disconnecting);
  protocol.dataReceived(new Uint8Array([255]));
  assert(transport.disconnecting);
  protocol.dataReceived(prefixed(4, "a"));
  assertEquals(protocol.calls, []);
});

Deno.test("Int16StringReceiver: strings before one over the limit come once", () => {
  const input = prefixed(2, "a", "b", "123456", "c");
  class Closing extends ShortStrings {
    override lengthLimitExceeded(length: number): void {
      super.lengthLimitExceeded(length);
      this.transport.loseConnection();
    }
  }
  assertCalls(() => new Closing(), input, ["a", "b", "too long: 6"]);
});

Deno.test("Int16StringReceiver: after a string over the limit, the next ones come", () => {
  const input = prefixed(2, "a", "123456", "12345", "x".repeat(300), "", "b");
  const expected = ["a", "too long: 6", "12345", "too long: 300", "", "b"];
  assertCalls(() => new ShortStrings(), input, expected);
});

Deno.test("Int16StringReceiver: nothing is kept of a string over the limit", () => {
  const { protocol } = connect(new ShortStrings());
  protocol.dataReceived(new Uint8Array([255, 255]));
  for (let reads = 0; reads < 65; reads++) {
    protocol.dataReceived(new Uint8Array(1000));
    assertEquals(protocol.held, 0);
  }
});

Deno.test("IntNStringReceiver: the buffer has what comes behind a string, to switch protocols", () => {
  const rest: string[] = [];
  class Switching extends Int8StringReceiver {
    override stringReceived(): void {
      rest.push(text(this.buffer.takeAll()));
    }
  }
  const { protocol } = connect(new Switching());
  protocol.dataReceived(bytes("\u0002hi\u0005and GET / HTTP"));
  assertEquals(rest, ["\u0005and GET / HTTP"]);
});

Deno.test("IntNStringReceiver: what must be overridden says so", () => {
  const { protocol } = connect(new Int8StringReceiver());
  assertThrows(
    () => protocol.dataReceived(new Uint8Array([0])),
    Error,
    "Int8StringReceiver must override stringReceived",
  );
});
