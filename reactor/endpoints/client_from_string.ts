/**
 * Endpoints to connect to, described by strings.
 *
 * @module
 */

import type { Reactor } from "../reactor.ts";
import type { ConnectTCPOptions } from "../transport/tcp.ts";
import type { ArgumentNames, Arguments } from "./arguments.ts";
import {
  checkTLS,
  readClientFiles,
  readHandshakeTimeout,
} from "./certificates.ts";
import type { Description } from "./description.ts";
import { fromString, type Kind, type Kinds } from "./from_string.ts";
import { HostnameEndpoint } from "./hostname_endpoint.ts";
import type { StreamClientEndpoint } from "./interfaces.ts";
import { SSL4ClientEndpoint } from "./ssl4_client_endpoint.ts";
import { TCP4ClientEndpoint } from "./tcp4_client_endpoint.ts";
import { TCP6ClientEndpoint } from "./tcp6_client_endpoint.ts";
import { UNIXClientEndpoint } from "./unix_client_endpoint.ts";
import { wrapClientTLS } from "./wrap_client_tls.ts";

/**
 * Makes the endpoint that a string describes: Twisted's `clientFromString`.
 *
 * | string | endpoint |
 * | --- | --- |
 * | `tcp:HOST:PORT` with `timeout=`, `bindAddress=` | `TCP4ClientEndpoint` |
 * | `tcp6:HOST:PORT` with the same | `TCP6ClientEndpoint` |
 * | `unix:PATH` with `timeout=`, `lockfile=1` | `UNIXClientEndpoint` |
 * | `ssl:HOST:PORT` with those of `tcp:`, and `hostname=`, `caCertsDir=`, `certKey=`, `privateKey=`, `verify=no`, `handshakeTimeout=` | `SSL4ClientEndpoint` |
 * | `tls:HOST:PORT` with those of `tcp:`, and `trustRoots=`, `certificate=`, `privateKey=`, `endpoint=`, `handshakeTimeout=` | `HostnameEndpoint`, or the `endpoint`, in TLS |
 *
 * Arguments are parted by colons, and may be named: `tcp:host=poems.test:port=80`.
 * A backslash takes the meaning from a colon; see `quoteStringArgument`. Files with
 * certificates are read at once.
 *
 * @param reactor what the endpoint is to connect with
 * @param description the string
 * @throws {SyntaxError} if it begins with something else, or a number is none
 * @throws {RangeError} if a number is out of its range
 * @throws {TypeError} if an argument is missing, or there is none of its name, or a
 *   file holds no certificate
 * @throws {Error} if a file cannot be read
 *
 * @example
 * ```ts
 * import { clientFromString, Protocol, connectProtocol } from "@deferno/deferno";
 * import { MemoryReactor } from "@deferno/deferno/testing";
 *
 * const reactor = new MemoryReactor();
 * const endpoint = clientFromString(reactor, "tcp:poems.test:10000:timeout=5");
 * connectProtocol(endpoint, new Protocol());
 * console.assert(reactor.tcpClients[0]?.timeout === 5);
 * ```
 */
export function clientFromString(
  reactor: Reactor,
  description: string,
): StreamClientEndpoint {
  return fromString(reactor, description, KINDS);
}

const CONNECTING = ["timeout", "bindAddress"];

const TCP: Kind<StreamClientEndpoint> = {
  names: hostAndPort(CONNECTING),
  make: (reactor, args) => {
    const { host, port, options } = readConnecting(args);
    return new TCP4ClientEndpoint(reactor, host, port, options);
  },
};

const TCP6: Kind<StreamClientEndpoint> = {
  names: hostAndPort(CONNECTING),
  make: (reactor, args) => {
    const { host, port, options } = readConnecting(args);
    return new TCP6ClientEndpoint(reactor, host, port, options);
  },
};

const UNIX: Kind<StreamClientEndpoint> = {
  names: () => ({ positional: ["path"], named: ["timeout", "lockfile"] }),
  make: (reactor, args) =>
    new UNIXClientEndpoint(reactor, args.required("path"), {
      timeout: args.timeout(),
      checkPID: args.flag("lockfile"),
    }),
};

const SSL: Kind<StreamClientEndpoint> = {
  names: hostAndPort([
    ...CONNECTING,
    "hostname",
    "caCertsDir",
    "certKey",
    "privateKey",
    "verify",
    "handshakeTimeout",
  ]),
  make: (reactor, args) => {
    const { host, port, options } = readConnecting(args);
    const names = {
      cert: "certKey",
      key: "privateKey",
      roots: "caCertsDir",
    };
    const tls = {
      ...readClientFiles(reactor.backend, args, names),
      hostname: args.optional("hostname"),
      verify: args.flag("verify"),
      ...readHandshakeTimeout(args),
    };
    checkTLS(reactor.backend, {
      side: "client",
      tls: { ...tls, hostname: tls.hostname ?? host },
    });
    return new SSL4ClientEndpoint(reactor, host, port, { ...options, ...tls });
  },
};

const TLS: Kind<StreamClientEndpoint> = {
  names: hostAndPort([
    ...CONNECTING,
    "certificate",
    "privateKey",
    "trustRoots",
    "endpoint",
    "handshakeTimeout",
  ]),
  make: (reactor, args) => {
    const { host, port, options } = readConnecting(args);
    const names = {
      cert: "certificate",
      key: "privateKey",
      roots: "trustRoots",
    };
    const tls = {
      ...readClientFiles(reactor.backend, args, names),
      hostname: host,
      ...readHandshakeTimeout(args),
    };
    checkTLS(reactor.backend, { side: "client", tls });
    const inner = args.optional("endpoint");
    const endpoint = inner === undefined
      ? new HostnameEndpoint(reactor, host, port, options)
      : clientFromString(reactor, inner);
    return wrapClientTLS(tls, endpoint);
  },
};

const KINDS: Kinds<StreamClientEndpoint> = new Map([
  ["tcp", TCP],
  ["tcp6", TCP6],
  ["unix", UNIX],
  ["ssl", SSL],
  ["tls", TLS],
]);

/** The host and the port, the one or the other of which may have its name. */
function hostAndPort(
  named: readonly string[],
): (description: Description) => ArgumentNames {
  return (description) => {
    const positional = ["host", "port"];
    const isNamed = description.named.some(([name]) => name === "host");
    return isNamed
      ? { positional: positional.slice(1), named: [...named, "host"] }
      : { positional, named };
  };
}

function readConnecting(
  args: Arguments,
): { host: string; port: number; options: ConnectTCPOptions } {
  const host = args.required("host");
  if (host === "") throw new TypeError("the host is empty");
  const options = { timeout: args.timeout(), bindAddress: args.bindAddress() };
  return { host, port: args.port(), options };
}
