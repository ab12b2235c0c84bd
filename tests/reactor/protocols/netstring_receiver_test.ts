import { assert, assertEquals, assertThrows } from "@std/assert";
import { NetstringReceiver } from "../../../mod.ts";
import { assertCalls, bytes, connect, cuts, text, writes } from "./support.ts";

class Strings extends NetstringReceiver {
  calls: string[] = [];

  override stringReceived(string: Uint8Array): void {
    this.calls.push(text(string));
    if (text(string) === ".lose") this.transport.loseConnection();
    if (text(string) === ".pause") this.pauseProducing();
  }

  get held(): number {
    return this.buffer.length;
  }
}

const makeStrings = () => new Strings();

Deno.test("NetstringReceiver: strings come, empty ones too", () => {
  const input = "5:hello,0:,3:a,b,11:12345678901,";
  assertCalls(makeStrings, input, ["hello", "", "a,b", "12345678901"]);
});

Deno.test("NetstringReceiver: what is no netstring closes the connection", () => {
  const bad = [
    "x",
    "01:a,",
    "00:,",
    " 1:a,",
    ":",
    "-1:",
    "1x:",
    "1:ab",
    "100000:",
    "99999999999999999999",
    ",",
  ];
  for (const input of bad) {
    for (const { name, pieces } of cuts(bytes(`2:ok,${input}1:a,`))) {
      const { protocol, transport } = connect(new Strings());
      for (const piece of pieces) protocol.dataReceived(piece);
      assertEquals(protocol.calls, ["ok"], `${input}, ${name}`);
      assert(protocol.brokenPeer, input);
      assert(transport.disconnecting, input);
      assertEquals(protocol.held, 0);
    }
  }
});

Deno.test("NetstringReceiver: a length over the limit is found before the colon", () => {
  const { protocol } = connect(new Strings());
  protocol.dataReceived(bytes("99999"));
  assert(!protocol.brokenPeer);
  const { protocol: other } = connect(new Strings());
  other.dataReceived(bytes("100000"));
  assert(other.brokenPeer);
});

Deno.test("NetstringReceiver: without a limit, the digits of a length still have an end", () => {
  const { protocol } = connect(new Strings());
  protocol.MAX_LENGTH = Infinity;
  for (let digit = 0; digit < 1000; digit++) protocol.dataReceived(bytes("9"));
  assert(protocol.brokenPeer);
  assertEquals(protocol.held, 0);
});

Deno.test("NetstringReceiver: a string of MAX_LENGTH is fine", () => {
  class Short extends Strings {
    // deno-lint-ignore camelcase -- the name of the field
    override MAX_LENGTH = 12;
  }
  assertCalls(() => new Short(), "12:123456789012,13:", ["123456789012"]);
});

Deno.test("NetstringReceiver: nothing comes after the peer is broken, connected or not", () => {
  const { protocol, transport } = connect(new Strings());
  protocol.dataReceived(bytes("x"));
  transport.disconnecting = false;
  protocol.dataReceived(bytes("1:a,"));
  assertEquals(protocol.calls, []);
  assertEquals(protocol.held, 0);
});

Deno.test("NetstringReceiver: nothing comes after the connection was told to close", () => {
  assertCalls(makeStrings, "1:a,5:.lose,1:b,x", ["a", ".lose"]);
});

Deno.test("NetstringReceiver: while it is paused, strings wait", () => {
  const { protocol } = connect(new Strings());
  protocol.dataReceived(bytes("6:.pause,1:a,1:"));
  protocol.dataReceived(bytes("b,"));
  assertEquals(protocol.calls, [".pause"]);
  protocol.resumeProducing();
  assertEquals(protocol.calls, [".pause", "a", "b"]);
});

Deno.test("NetstringReceiver: sendString sends bytes of any length, and nothing else", () => {
  const { protocol, transport } = connect(new Strings());
  protocol.sendString(bytes("hello"));
  protocol.sendString(bytes(""));
  assertEquals(text(transport.value()), "5:hello,0:,");
  transport.clear();
  assertEquals(protocol.MAX_LENGTH, 99999);
  protocol.sendString(new Uint8Array(100_000));
  assertEquals(transport.value().length, 100_008);
  transport.clear();
  // @ts-expect-error text has to be encoded first
  assertThrows(() => protocol.sendString("hello"), TypeError);
  assertEquals(transport.value().length, 0);
});

Deno.test("NetstringReceiver: what must be overridden says so", () => {
  const { protocol } = connect(new NetstringReceiver());
  assertThrows(
    () => protocol.dataReceived(bytes("0:,")),
    Error,
    "NetstringReceiver must override stringReceived",
  );
});

Deno.test("NetstringReceiver: sendString writes once", () => {
  const { protocol, transport } = connect(new Strings());
  assertEquals(writes(transport, () => protocol.sendString(bytes("a"))), [
    "1:a,",
  ]);
});
