import type { Reactor } from "../reactor.ts";
import type { ConnectTCPOptions } from "../transport/tcp.ts";
import {
  SSL4ClientEndpoint,
  TCP4ClientEndpoint,
  TCP6ClientEndpoint,
  UNIXClientEndpoint,
  wrapClientTLS,
} from "./client_endpoints.ts";
import { checkTLS, readClientFiles } from "./certificates.ts";
import {
  type ArgumentNames,
  type Arguments,
  type Description,
  type EndpointType,
  fromString,
} from "./description.ts";
import { HostnameEndpoint } from "./hostname_endpoint.ts";
import type { StreamClientEndpoint } from "./interfaces.ts";

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
 * Arguments may be named: `tcp:host=poems.test:port=80`. A backslash escapes a colon; see
 * `quoteStringArgument`. Files are read at once.
 * @throws {SyntaxError} if it begins otherwise, or a number is invalid
 * @throws {RangeError} if a number is out of range
 * @throws {TypeError} if an argument is missing or unknown, or a file holds no
 *   certificate
 * @throws {Error} if a file cannot be read
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
 * @category Endpoints
 */
export function clientFromString(
  reactor: Reactor,
  description: string,
): StreamClientEndpoint {
  return fromString(reactor, description, TYPES);
}

const CONNECTING = ["timeout", "bindAddress"];

const TCP: EndpointType<StreamClientEndpoint> = {
  names: hostAndPort(CONNECTING),
  make: (reactor, args) => {
    const { host, port, options } = readConnecting(args);
    return new TCP4ClientEndpoint(reactor, host, port, options);
  },
};

const TCP6: EndpointType<StreamClientEndpoint> = {
  names: hostAndPort(CONNECTING),
  make: (reactor, args) => {
    const { host, port, options } = readConnecting(args);
    return new TCP6ClientEndpoint(reactor, host, port, options);
  },
};

const UNIX: EndpointType<StreamClientEndpoint> = {
  names: () => ({ positional: ["path"], named: ["timeout", "lockfile"] }),
  make: (reactor, args) =>
    new UNIXClientEndpoint(reactor, args.required("path"), {
      timeout: args.timeout(),
      checkPID: args.flag("lockfile"),
    }),
};

const SSL: EndpointType<StreamClientEndpoint> = {
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
      handshakeTimeout: args.handshakeTimeout(),
    };
    checkTLS(reactor.backend, {
      side: "client",
      tls: { ...tls, hostname: tls.hostname ?? host },
    });
    return new SSL4ClientEndpoint(reactor, host, port, { ...options, ...tls });
  },
};

const TLS: EndpointType<StreamClientEndpoint> = {
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
      handshakeTimeout: args.handshakeTimeout(),
    };
    checkTLS(reactor.backend, { side: "client", tls });
    const inner = args.optional("endpoint");
    const endpoint = inner === undefined
      ? new HostnameEndpoint(reactor, host, port, options)
      : clientFromString(reactor, inner);
    return wrapClientTLS(tls, endpoint);
  },
};

const TYPES: ReadonlyMap<string, EndpointType<StreamClientEndpoint>> = new Map([
  ["tcp", TCP],
  ["tcp6", TCP6],
  ["unix", UNIX],
  ["ssl", SSL],
  ["tls", TLS],
]);

/** After a named host, the port may be positional. */
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
