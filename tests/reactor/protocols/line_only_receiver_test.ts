import { assert, assertEquals, assertThrows } from "@std/assert";
import { LineOnlyReceiver } from "../../../mod.ts";
import { assertCalls, bytes, connect, text, writes } from "./support.ts";

class Lines extends LineOnlyReceiver {
  calls: string[] = [];

  override lineReceived(line: Uint8Array): void {
    this.calls.push(text(line));
    if (text(line) === ".lose") this.transport.loseConnection();
  }
}

class ShortLines extends Lines {
  // deno-lint-ignore camelcase -- the name of the field
  override MAX_LENGTH = 3;

  override lineLengthExceeded(start: Uint8Array): void {
    this.calls.push(`too long: ${text(start)}`);
  }
}

Deno.test("LineOnlyReceiver: lines come without their delimiters", () => {
  assertCalls(() => new Lines(), "one\r\n\r\ntwo\r\nthr", ["one", "", "two"]);
});

Deno.test("LineOnlyReceiver: a line over the limit is reported once, and the next ones come", () => {
  assertCalls(() => new ShortLines(), "a\r\n1234\r\nb\r\n12345678\r\nc\r\n", [
    "a",
    "too long: 1234\r",
    "b",
    "too long: 12345",
    "c",
  ]);
});

Deno.test("LineOnlyReceiver: nothing comes after the connection was told to close", () => {
  assertCalls(() => new Lines(), "a\r\n.lose\r\nb\r\n", ["a", ".lose"]);
});

Deno.test("LineOnlyReceiver: a line over the limit closes the connection", () => {
  const { protocol, transport } = connect(new Lines());
  protocol.dataReceived(bytes("x".repeat(16387)));
  assert(transport.disconnecting);
});

Deno.test("LineOnlyReceiver: a line of MAX_LENGTH is fine", () => {
  assertCalls(() => new ShortLines(), "123\r\nabc\r\n", ["123", "abc"]);
});

Deno.test("LineOnlyReceiver: sendLine adds the delimiter, and writes once", () => {
  const { protocol, transport } = connect(new Lines());
  assertEquals(writes(transport, () => protocol.sendLine(bytes("one"))), [
    "one\r\n",
  ]);
});

Deno.test("LineOnlyReceiver: lines come without a transport too", () => {
  const protocol = new Lines();
  protocol.dataReceived(bytes("one\r\ntwo\r\n"));
  assertEquals(protocol.calls, ["one", "two"]);
});

Deno.test("LineOnlyReceiver: what must be overridden says so", () => {
  const { protocol } = connect(new LineOnlyReceiver());
  assertThrows(
    () => protocol.dataReceived(bytes("\r\n")),
    Error,
    "LineOnlyReceiver must override lineReceived",
  );
});

Deno.test("LineOnlyReceiver: there is no raw mode", () => {
  assertThrows(() => new Lines().setRawMode(), Error, "Lines has no raw mode");
});
