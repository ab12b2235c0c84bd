import { assertEquals, assertThrows } from "@std/assert";
import { formatAddress, parseAddress } from "../../cli/addresses.ts";
import { UsageError } from "../../cli/exit.ts";

Deno.test("an address is a port, a host and a port, or IPv6 in brackets", () => {
  const local = { hostname: "127.0.0.1", port: 10000 };
  assertEquals(parseAddress("10000"), local);
  assertEquals(parseAddress(":10000"), local);
  assertEquals(parseAddress("a.example:1"), { hostname: "a.example", port: 1 });
  assertEquals(parseAddress("[::1]:65535"), { hostname: "::1", port: 65535 });
});

Deno.test("an address is written the way it is read", () => {
  for (const text of ["127.0.0.1:10000", "localhost:1", "[::1]:80"]) {
    assertEquals(formatAddress(parseAddress(text)), text);
  }
});

const BAD_ADDRESSES = {
  'Ports must be integers, got "TEXT".': [
    "",
    "x",
    "localhost",
    "localhost:",
    "localhost:x",
    "10000.5",
    "0x10",
    "1e3",
    " 1",
    "[::1]",
    "[::1]:",
  ],
  'Ports must be from 1 to 65535, got "TEXT".': [
    "0",
    "localhost:0",
    "70000",
    "[::1]:70000",
    "-1",
    "localhost:-1",
  ],
  "IPv6 addresses need brackets, as in [::1]:10000: ::1:10000.": ["::1:10000"],
};

for (const [message, addresses] of Object.entries(BAD_ADDRESSES)) {
  Deno.test(`a bad address is told: ${message}`, () => {
    for (const text of addresses) {
      const error = assertThrows(() => parseAddress(text), UsageError);
      const expected = message.replace("TEXT", text);
      assertEquals(error.message, expected, `for ${JSON.stringify(text)}`);
    }
  });
}
