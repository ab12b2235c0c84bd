import { assert, assertEquals, assertFalse } from "@std/assert";
import { IPv4Address, IPv6Address } from "../../mod.ts";
import { addressOf } from "../../reactor/addresses.ts";

Deno.test("addresses print as they do in Twisted", () => {
  assertEquals(
    `${new IPv4Address("TCP", "127.0.0.1", 10000)}`,
    "IPv4Address(type='TCP', host='127.0.0.1', port=10000)",
  );
  assertEquals(
    `${new IPv6Address("TCP", "::1", 10000)}`,
    "IPv6Address(type='TCP', host='::1', port=10000, flowInfo=0, scopeID=0)",
  );
  assertEquals(
    `${new IPv6Address("TCP", "fe80::1", 10000, 7, "eth0")}`,
    "IPv6Address(type='TCP', host='fe80::1', port=10000, flowInfo=7, scopeID='eth0')",
  );
});

Deno.test("addresses are equal by what they say", () => {
  const address = new IPv4Address("TCP", "127.0.0.1", 10000);
  assert(address.equals(new IPv4Address("TCP", "127.0.0.1", 10000)));
  assertFalse(address.equals(new IPv4Address("TCP", "127.0.0.1", 10001)));
  assertFalse(address.equals(new IPv4Address("TCP", "127.0.0.2", 10000)));
  assertFalse(address.equals(new IPv6Address("TCP", "127.0.0.1", 10000)));
  assertFalse(address.equals({ type: "TCP", host: "127.0.0.1", port: 10000 }));
  assertFalse(address.equals(undefined));
});

Deno.test("addresses of IPv6 differ by flow and scope as well", () => {
  const address = new IPv6Address("TCP", "fe80::1", 10000, 0, 2);
  assert(address.equals(new IPv6Address("TCP", "fe80::1", 10000, 0, 2)));
  assertFalse(address.equals(new IPv6Address("TCP", "fe80::1", 10000, 1, 2)));
  assertFalse(address.equals(new IPv6Address("TCP", "fe80::1", 10000, 0, 3)));
});

Deno.test("a host with a colon is an IPv6 address, any other a name or IPv4", () => {
  assert(addressOf("::1", 80) instanceof IPv6Address);
  assert(addressOf("127.0.0.1", 80) instanceof IPv4Address);
  assert(addressOf("localhost", 80) instanceof IPv4Address);
});

Deno.test("the zone of an address is its scope, and stays in the host", () => {
  assertEquals(
    `${addressOf("fe80::1%eth0", 80)}`,
    "IPv6Address(type='TCP', host='fe80::1%eth0', port=80, flowInfo=0, scopeID='eth0')",
  );
});
