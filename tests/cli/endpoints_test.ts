import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import {
  SSL4ClientEndpoint,
  TCP4ClientEndpoint,
  TCP6ClientEndpoint,
  UNIXClientEndpoint,
} from "../../mod.ts";
import { formatAddress } from "../../cli/addresses.ts";
import {
  parseEndpoint,
  parseSocketAddress,
  parseTCPAddress,
} from "../../cli/endpoints.ts";
import { UsageError } from "../../cli/usage_error.ts";

Deno.test("tcp: with a host and a port is an address like any other", () => {
  const address = { hostname: "localhost", port: 10000 };
  for (const parse of [parseEndpoint, parseSocketAddress, parseTCPAddress]) {
    assertEquals(parse("tcp:localhost:10000"), address);
    assertEquals(parse("localhost:10000"), address);
    assertEquals(parse("tcp:port=10000:host=localhost"), address);
  }
});

Deno.test("the word of an endpoint, with a port behind it, is the name of a host", () => {
  for (const hostname of ["tcp", "tcp6", "unix", "ssl", "tls"]) {
    for (const parse of [parseEndpoint, parseSocketAddress, parseTCPAddress]) {
      assertEquals(parse(`${hostname}:10000`), { hostname, port: 10000 });
    }
  }
});

const ENDPOINTS = {
  "tcp:localhost:10000:timeout=5": TCP4ClientEndpoint,
  "tcp6:localhost:10000": TCP6ClientEndpoint,
  "unix:/tmp/poetry": UNIXClientEndpoint,
  "ssl:localhost:10000": SSL4ClientEndpoint,
};

for (const [text, kind] of Object.entries(ENDPOINTS)) {
  Deno.test(`${text} is an endpoint`, () => {
    const address = parseEndpoint(text);
    assertEquals("endpoint" in address && address.text, text);
    assertInstanceOf("endpoint" in address && address.endpoint, kind);
  });
}

Deno.test("for sockets alone, unix: is a path", () => {
  const address = parseSocketAddress("unix:/tmp/poetry");
  assertEquals(address, { path: "/tmp/poetry" });
  assertEquals(formatAddress(address), "unix:/tmp/poetry");
});

type Parse = (text: string) => unknown;

const BAD: [parse: Parse, text: string, message: string][] = [
  [parseEndpoint, "x", 'Ports must be integers, got "x".'],
  [parseEndpoint, "tcp:", 'Ports must be integers, got "tcp:".'],
  [
    parseEndpoint,
    "tcp:70000",
    'Ports must be from 1 to 65535, got "tcp:70000".',
  ],
  [
    parseEndpoint,
    "tcp:h:x",
    'Cannot read the endpoint "tcp:h:x": the port must be an integer, got "x".',
  ],
  [
    parseEndpoint,
    "ssl:h:1:nosuch=1",
    'Cannot read the endpoint "ssl:h:1:nosuch=1": there is no argument nosuch: ' +
    "ssl: takes host, port, timeout, bindAddress, hostname, caCertsDir, certKey, privateKey, verify, handshakeTimeout.",
  ],
  [
    parseSocketAddress,
    "ssl:h:1",
    "TLS is nothing for this program, which has sockets alone: ssl:h:1.",
  ],
  [
    parseSocketAddress,
    "tls:h:1",
    "TLS is nothing for this program, which has sockets alone: tls:h:1.",
  ],
  [
    parseSocketAddress,
    "unix:/p:timeout=1",
    "This program takes tcp:HOST:PORT and unix:PATH, and nothing more: unix:/p:timeout=1.",
  ],
  [
    parseTCPAddress,
    "unix:/p",
    "This program takes tcp:HOST:PORT alone: unix:/p.",
  ],
];

for (const [parse, text, message] of BAD) {
  Deno.test(`${parse.name} refuses ${text}: ${message}`, () => {
    const error = assertThrows(() => parse(text), UsageError);
    assertEquals(error.message, message);
  });
}
