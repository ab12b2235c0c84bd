import { assertThrows } from "@std/assert";
import { LineOnlyReceiver } from "../../../mod.ts";
import { assertCalls, text } from "./support.ts";

class Lines extends LineOnlyReceiver {
  calls: string[] = [];

  override lineReceived(line: Uint8Array): void {
    this.calls.push(text(line));
    if (text(line) === ".lose") this.transport.loseConnection();
  }
}

Deno.test("LineOnlyReceiver: lines come without their delimiters", () => {
  assertCalls(() => new Lines(), "one\r\n\r\ntwo\r\nthr", ["one", "", "two"]);
});

Deno.test("LineOnlyReceiver: there is no raw mode", () => {
  assertThrows(() => new Lines().setRawMode(), Error, "Lines has no raw mode");
});
