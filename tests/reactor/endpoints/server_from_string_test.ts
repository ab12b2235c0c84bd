import { assertEquals, assertInstanceOf } from "@std/assert";
import {
  serverFromString,
  type StreamServerEndpoint,
  TCP4ServerEndpoint,
  TCP6ServerEndpoint,
  UNIXServerEndpoint,
} from "../../../mod.ts";
import { MemoryReactor } from "../../../testing.ts";
import { type BadString, QuietFactory, refuses } from "./support.ts";

/** Listens at the endpoint of a string, and gives what the reactor was asked for. */
function listened(
  description: string,
): { endpoint: StreamServerEndpoint; reactor: MemoryReactor } {
  const reactor = new MemoryReactor();
  const endpoint = serverFromString(reactor, description);
  endpoint.listen(new QuietFactory());
  return { endpoint, reactor };
}

function tcpCalls({ tcpServers }: MemoryReactor): unknown[] {
  return tcpServers.map((server) => [
    server.port,
    server.interface,
    server.backlog,
  ]);
}

const TCP: Record<string, [port: number, address: string, backlog: number]> = {
  "tcp:80": [80, "", 511],
  "tcp:0": [0, "", 511],
  "tcp:80:127.0.0.1:10": [80, "127.0.0.1", 10],
  "tcp:port=80:interface=127.0.0.1:backlog=10": [80, "127.0.0.1", 10],
  "tcp:80:": [80, "", 511],
  "t\\cp:80": [80, "", 511],
};

for (const [description, expected] of Object.entries(TCP)) {
  Deno.test(`${description} is a TCP4ServerEndpoint`, () => {
    const { endpoint, reactor } = listened(description);
    assertInstanceOf(endpoint, TCP4ServerEndpoint);
    assertEquals(tcpCalls(reactor), [expected]);
  });
}

const TCP6: typeof TCP = {
  "tcp6:80": [80, "::", 511],
  "tcp6:80:interface=\\:\\:1": [80, "::1", 511],
  "tcp6:80:10:\\:\\:1": [80, "::1", 10],
};

for (const [description, expected] of Object.entries(TCP6)) {
  Deno.test(`${description} is a TCP6ServerEndpoint`, () => {
    const { endpoint, reactor } = listened(description);
    assertInstanceOf(endpoint, TCP6ServerEndpoint);
    assertEquals(tcpCalls(reactor), [expected]);
  });
}

const UNIX: Record<
  string,
  [address: string, mode: number, wantPID: boolean, backlog: number]
> = {
  "unix:/p": ["/p", 0o666, true, 511],
  "unix:/p:660:3": ["/p", 0o660, true, 3],
  "unix:address=/p:mode=660:lockfile=0:backlog=3": ["/p", 0o660, false, 3],
  "unix:/p:mode=0o600:lockfile=no": ["/p", 0o600, false, 511],
  "unix:C\\:\\\\p\\=q": ["C:\\p=q", 0o666, true, 511],
};

for (const [description, expected] of Object.entries(UNIX)) {
  Deno.test(`${description} is a UNIXServerEndpoint`, () => {
    const { endpoint, reactor } = listened(description);
    assertInstanceOf(endpoint, UNIXServerEndpoint);
    assertEquals(
      reactor.unixServers.map((server) => [
        server.address,
        server.mode,
        server.wantPID,
        server.backlog,
      ]),
      [expected],
    );
  });
}

const BAD: BadString[] = [
  ["", SyntaxError, "it must begin with tcp:, tcp6:, unix:, ssl:"],
  ["80", SyntaxError, "it must begin with tcp:, tcp6:, unix:, ssl:"],
  ["TCP:80", SyntaxError, "it must begin with tcp:, tcp6:, unix:, ssl:"],
  ["tls:443", SyntaxError, "it must begin with tcp:, tcp6:, unix:, ssl:"],
  ["tcp=80", SyntaxError, "it must begin with tcp:, tcp6:, unix:, ssl:"],
  ["tcp:abc", SyntaxError, 'the port must be an integer, got "abc"'],
  ["tcp:", SyntaxError, 'the port must be an integer, got ""'],
  ["tcp:0x10", SyntaxError, 'the port must be an integer, got "0x10"'],
  [
    "tcp:80:backlog=x",
    SyntaxError,
    'the backlog must be an integer, got "x"',
  ],
  ["tcp:80\\", SyntaxError, "nothing follows the backslash at its end"],
  [
    "unix:/p:mode=9",
    SyntaxError,
    'the mode must be an octal number like 660, got "9"',
  ],
  [
    "unix:/p:lockfile=x",
    SyntaxError,
    'lockfile must be yes, no, 1 or 0, got "x"',
  ],
  ["tcp:-1", RangeError, "port must be an integer from 0 to 65535, got -1"],
  [
    "tcp:70000",
    RangeError,
    "port must be an integer from 0 to 65535, got 70000",
  ],
  ["tcp", TypeError, "the port is missing"],
  [
    "tcp:80:nosuch=1",
    TypeError,
    "there is no argument nosuch: tcp: takes port, interface, backlog",
  ],
  ["tcp:80:port=81", TypeError, "the port is there twice"],
  ["tcp:80:backlog=1:backlog=2", TypeError, "the backlog is there twice"],
  [
    "tcp:80:a:1:c",
    TypeError,
    'the argument "c" needs a name: tcp: takes port, interface, backlog',
  ],
  ["unix", TypeError, "the address is missing"],
  [
    "unix:",
    TypeError,
    'the path of a UNIX socket must be that of a file, without NUL, got ""',
  ],
];

refuses(serverFromString, BAD);

Deno.test("an invalid mode is a failure when it is listened on", () => {
  const failures: unknown[] = [];
  serverFromString(new MemoryReactor(), "unix:/p:mode=7777")
    .listen(new QuietFactory())
    .addErrback(({ type }) => void failures.push(type));
  assertEquals(failures, [RangeError]);
});
