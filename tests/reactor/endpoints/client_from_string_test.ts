import { assertEquals, assertInstanceOf } from "@std/assert";
import {
  clientFromString,
  quoteStringArgument,
  type StreamClientEndpoint,
  TCP4ClientEndpoint,
  TCP6ClientEndpoint,
  UNIXClientEndpoint,
} from "../../../mod.ts";
import { MemoryReactor } from "../../../testing.ts";
import { type BadString, knows, QuietFactory, refuses } from "./support.ts";

/** Connects to the endpoint of a string, and gives what the reactor was asked for. */
function connected(
  description: string,
): { endpoint: StreamClientEndpoint; reactor: MemoryReactor } {
  const reactor = new MemoryReactor();
  reactor.installNameResolver(knows(["192.0.2.1", "2001:db8::1"]));
  const endpoint = clientFromString(reactor, description);
  endpoint.connect(new QuietFactory()).addErrback(() => {});
  return { endpoint, reactor };
}

type TCPCall = [
  host: string,
  port: number,
  timeout: number,
  bindAddress?: readonly [string, number],
];

function tcpCalls({ tcpClients }: MemoryReactor): unknown[] {
  return tcpClients.map(({ host, port, timeout, bindAddress }) => [
    host,
    port,
    timeout,
    ...bindAddress === undefined ? [] : [bindAddress],
  ]);
}

const TCP: Record<string, TCPCall> = {
  "tcp:h:80": ["h", 80, 30],
  "tcp:host=h:port=80": ["h", 80, 30],
  "tcp:h:port=80": ["h", 80, 30],
  "tcp:port=80:h": ["h", 80, 30],
  "tcp:host=h:80": ["h", 80, 30],
  "tcp:h:80:timeout=5:bindAddress=1.2.3.4": ["h", 80, 5, ["1.2.3.4", 0]],
  "tcp:h:80:timeout=0.5": ["h", 80, 0.5],
  "tcp:\\:\\:1:80": ["::1", 80, 30],
};

for (const [description, expected] of Object.entries(TCP)) {
  Deno.test(`${description} is a TCP4ClientEndpoint`, () => {
    const { endpoint, reactor } = connected(description);
    assertInstanceOf(endpoint, TCP4ClientEndpoint);
    assertEquals(tcpCalls(reactor), [expected]);
  });
}

Deno.test("tcp6: connects to the address of the host in IPv6", () => {
  const { endpoint, reactor } = connected("tcp6:h:80:timeout=5");
  assertInstanceOf(endpoint, TCP6ClientEndpoint);
  assertEquals(tcpCalls(reactor), [["2001:db8::1", 80, 5]]);
});

const UNIX: Record<string, [path: string, timeout: number, locked: boolean]> = {
  "unix:/p": ["/p", 30, false],
  "unix:path=/p": ["/p", 30, false],
  "unix:/p:lockfile=1:timeout=9": ["/p", 9, true],
};

for (const [description, expected] of Object.entries(UNIX)) {
  Deno.test(`${description} is a UNIXClientEndpoint`, () => {
    const { endpoint, reactor } = connected(description);
    assertInstanceOf(endpoint, UNIXClientEndpoint);
    assertEquals(
      reactor.unixClients.map((client) => [
        client.address,
        client.timeout,
        client.checkPID,
      ]),
      [expected],
    );
  });
}

Deno.test("quoteStringArgument keeps any text together", () => {
  for (const text of ["::1", "C:\\keys", "a=b", "\\:", "é:😀"]) {
    const description = `unix:path=${quoteStringArgument(text)}`;
    const { reactor } = connected(description);
    assertEquals(reactor.unixClients[0]?.address, text);
  }
});

const TYPES = "it must begin with tcp:, tcp6:, unix:, ssl:, tls:";

const BAD: BadString[] = [
  ["", SyntaxError, TYPES],
  ["80", SyntaxError, TYPES],
  ["foo:1", SyntaxError, TYPES],
  ["TCP:h:80", SyntaxError, TYPES],
  ["tcp:h:x", SyntaxError, 'the port must be an integer, got "x"'],
  [
    "tcp:h:80:timeout=x",
    SyntaxError,
    'the timeout must be a number, got "x"',
  ],
  [
    "tcp:h:80:timeout=-1",
    RangeError,
    "the timeout must be 0 or more seconds, got -1",
  ],
  ["tcp:h:0", RangeError, "port must be an integer from 1 to 65535, got 0"],
  ["tcp::80", TypeError, "the host is empty"],
  ["tcp", TypeError, "the host is missing"],
  ["tcp:80", TypeError, "the port is missing"],
  [
    "tcp:h:80:5",
    TypeError,
    'the argument "5" needs a name: tcp: takes host, port, timeout, bindAddress',
  ],
  [
    "tcp:h:80:host=g",
    TypeError,
    'the argument "80" needs a name: tcp: takes port, timeout, bindAddress, host',
  ],
  [
    "tcp:h:80:foo=1",
    TypeError,
    "there is no argument foo: tcp: takes host, port, timeout, bindAddress",
  ],
  [
    "unix:/p:1",
    TypeError,
    'the argument "1" needs a name: unix: takes path, timeout, lockfile',
  ],
  [
    "unix:",
    TypeError,
    'the path of a UNIX socket must be that of a file, without NUL, got ""',
  ],
  ["tls:h", TypeError, "the port is missing"],
  [
    "tls:h:443:endpoint=tcp\\:h",
    TypeError,
    'cannot read the endpoint "tcp:h": the port is missing',
  ],
];

refuses(clientFromString, BAD);
