/**
 * Endpoints to listen at, described by strings.
 *
 * @module
 */

import type { Reactor } from "../reactor.ts";
import {
  checkTLS,
  readHandshakeTimeout,
  readServerFiles,
} from "./certificates.ts";
import { fromString, type Kind, type Kinds } from "./from_string.ts";
import type { StreamServerEndpoint } from "./interfaces.ts";
import { SSL4ServerEndpoint } from "./ssl4_server_endpoint.ts";
import {
  TCP4ServerEndpoint,
  TCP6ServerEndpoint,
} from "./tcp_server_endpoints.ts";
import { UNIXServerEndpoint } from "./unix_server_endpoint.ts";

/**
 * Makes the endpoint that a string describes: Twisted's `serverFromString`.
 *
 * | string | endpoint |
 * | --- | --- |
 * | `tcp:PORT` with `interface=`, `backlog=` | `TCP4ServerEndpoint` |
 * | `tcp6:PORT` with the same | `TCP6ServerEndpoint` |
 * | `unix:PATH` with `mode=660`, `backlog=`, `lockfile=0` | `UNIXServerEndpoint` |
 * | `ssl:PORT` with those of `tcp:`, and `privateKey=`, `certKey=`, `extraCertChain=`, `handshakeTimeout=` | `SSL4ServerEndpoint` |
 *
 * Arguments are parted by colons; a backslash takes the meaning from a colon, as in
 * `tcp6:80:interface=\:\:1`. A UNIX socket is locked unless the string says
 * otherwise. Certificates are read at once: the key from `server.pem` unless a file
 * is named, the certificate from the same file.
 *
 * @param reactor what the endpoint is to listen with
 * @param description the string
 * @throws {SyntaxError} if it begins with something else, or a number is none
 * @throws {RangeError} if a number is out of its range
 * @throws {TypeError} if an argument is missing, or there is none of its name, or a
 *   file holds no certificate
 * @throws {Error} if a file cannot be read
 *
 * @example
 * ```ts
 * import { Factory, Protocol, serverFromString } from "@deferno/deferno";
 * import { MemoryReactor } from "@deferno/deferno/testing";
 *
 * const reactor = new MemoryReactor();
 * const endpoint = serverFromString(reactor, "tcp:10000:interface=127.0.0.1");
 * endpoint.listen(Factory.forProtocol(Protocol));
 * console.assert(reactor.tcpServers[0]?.interface === "127.0.0.1");
 * ```
 */
export function serverFromString(
  reactor: Reactor,
  description: string,
): StreamServerEndpoint {
  return fromString(reactor, description, KINDS);
}

const TCP: Kind<StreamServerEndpoint> = {
  names: () => ({ positional: ["port", "interface", "backlog"] }),
  make: (reactor, args) =>
    new TCP4ServerEndpoint(reactor, args.port(), {
      interface: args.optional("interface"),
      backlog: args.backlog(),
    }),
};

const TCP6: Kind<StreamServerEndpoint> = {
  names: () => ({ positional: ["port", "backlog", "interface"] }),
  make: (reactor, args) =>
    new TCP6ServerEndpoint(reactor, args.port(), {
      interface: args.optional("interface") ?? "::",
      backlog: args.backlog(),
    }),
};

const UNIX: Kind<StreamServerEndpoint> = {
  names: () => ({ positional: ["address", "mode", "backlog", "lockfile"] }),
  make: (reactor, args) =>
    new UNIXServerEndpoint(reactor, args.required("address"), {
      mode: args.mode(),
      backlog: args.backlog(),
      wantPID: args.flag("lockfile") ?? true,
    }),
};

const SSL: Kind<StreamServerEndpoint> = {
  names: () => ({
    positional: ["port", "privateKey", "certKey"],
    named: ["interface", "backlog", "extraCertChain", "handshakeTimeout"],
  }),
  make: (reactor, args) => {
    const port = args.port();
    const tls = {
      ...readServerFiles(reactor.backend, args),
      ...readHandshakeTimeout(args),
    };
    checkTLS(reactor.backend, { side: "server", tls });
    return new SSL4ServerEndpoint(reactor, port, {
      ...tls,
      interface: args.optional("interface"),
      backlog: args.backlog(),
    });
  },
};

const KINDS: Kinds<StreamServerEndpoint> = new Map([
  ["tcp", TCP],
  ["tcp6", TCP6],
  ["unix", UNIX],
  ["ssl", SSL],
]);
