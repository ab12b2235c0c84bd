import { assert, assertEquals, assertThrows } from "@std/assert";
import { LineOnlyReceiver } from "../../mod.ts";
import { assertCalls, bytes, connect, text } from "./support.ts";

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

Deno.test("LineOnlyReceiver: lines come without their ends", () => {
  assertCalls(() => new Lines(), "one\r\n\r\ntwo\r\nthr", ["one", "", "two"]);
});

Deno.test("LineOnlyReceiver: a line that is too long is told once, and the next ones come", () => {
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

Deno.test("LineOnlyReceiver: a line that is too long closes the connection", () => {
  const { protocol, transport } = connect(new Lines());
  protocol.dataReceived(bytes("x".repeat(16387)));
  assert(transport.disconnecting);
});

Deno.test("LineOnlyReceiver: sendLine adds the delimiter", () => {
  const { protocol, transport } = connect(new Lines());
  protocol.sendLine(bytes("one"));
  assertEquals(text(transport.value()), "one\r\n");
});

Deno.test("LineOnlyReceiver: there is no raw mode", () => {
  assertThrows(() => new Lines().setRawMode(), Error, "Lines has no raw mode");
});
