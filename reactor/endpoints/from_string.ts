import type { Backend, PrepareTLSOptions } from "../backend.ts";
import {
  HostnameEndpoint,
  SSL4ClientEndpoint,
  TCP4ClientEndpoint,
  TCP6ClientEndpoint,
  UNIXClientEndpoint,
  wrapClientTLS,
} from "./client_endpoints.ts";
import {
  type ArgumentNames,
  type Arguments,
  type Description,
  type EndpointType,
  fromString,
} from "./description.ts";
import type {
  StreamClientEndpoint,
  StreamServerEndpoint,
} from "./interfaces.ts";
import {
  SSL4ServerEndpoint,
  TCP4ServerEndpoint,
  TCP6ServerEndpoint,
  UNIXServerEndpoint,
} from "./server_endpoints.ts";
import type { Reactor } from "../reactor.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "../tls_options.ts";
import type { ConnectTCPOptions } from "../transport/tcp.ts";
import { checkTLSOptions, tlsLayer } from "../transport/tls_layer.ts";

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
  return fromString(reactor, description, CLIENTS);
}

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
 * A backslash escapes a colon, as in `tcp6:80:interface=\:\:1`. UNIX sockets are locked
 * by default. Certificates are read at once, by default from the key's file, and the key
 * from `server.pem`.
 * @throws as {@linkcode clientFromString}
 * @category Endpoints
 */
export function serverFromString(
  reactor: Reactor,
  description: string,
): StreamServerEndpoint {
  return fromString(reactor, description, SERVERS);
}

const CONNECTING = ["timeout", "bindAddress"];

const CLIENTS: Record<string, EndpointType<StreamClientEndpoint>> = {
  tcp: {
    names: hostAndPort(CONNECTING),
    make: (reactor, args) => {
      const { host, port, options } = readConnecting(args);
      return new TCP4ClientEndpoint(reactor, host, port, options);
    },
  },
  tcp6: {
    names: hostAndPort(CONNECTING),
    make: (reactor, args) => {
      const { host, port, options } = readConnecting(args);
      return new TCP6ClientEndpoint(reactor, host, port, options);
    },
  },
  unix: {
    names: () => ({ positional: ["path"], named: ["timeout", "lockfile"] }),
    make: (reactor, args) =>
      new UNIXClientEndpoint(reactor, args.required("path"), {
        timeout: args.timeout(),
        checkPID: args.flag("lockfile"),
      }),
  },
  ssl: {
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
      const names = { cert: "certKey", key: "privateKey", roots: "caCertsDir" };
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
      return new SSL4ClientEndpoint(reactor, host, port, {
        ...options,
        ...tls,
      });
    },
  },
  tls: {
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
  },
};

const SERVERS: Record<string, EndpointType<StreamServerEndpoint>> = {
  tcp: {
    names: () => ({ positional: ["port", "interface", "backlog"] }),
    make: (reactor, args) =>
      new TCP4ServerEndpoint(reactor, args.port(), {
        interface: args.optional("interface"),
        backlog: args.backlog(),
      }),
  },
  tcp6: {
    names: () => ({ positional: ["port", "backlog", "interface"] }),
    make: (reactor, args) =>
      new TCP6ServerEndpoint(reactor, args.port(), {
        interface: args.optional("interface") ?? "::",
        backlog: args.backlog(),
      }),
  },
  unix: {
    names: () => ({ positional: ["address", "mode", "backlog", "lockfile"] }),
    make: (reactor, args) =>
      new UNIXServerEndpoint(reactor, args.required("address"), {
        mode: args.mode(),
        backlog: args.backlog(),
        wantPID: args.flag("lockfile") ?? true,
      }),
  },
  ssl: {
    names: () => ({
      positional: ["port", "privateKey", "certKey"],
      named: ["interface", "backlog", "extraCertChain", "handshakeTimeout"],
    }),
    make: (reactor, args) => {
      const port = args.port();
      const tls = {
        ...readServerFiles(reactor.backend, args),
        handshakeTimeout: args.handshakeTimeout(),
      };
      checkTLS(reactor.backend, { side: "server", tls });
      return new SSL4ServerEndpoint(reactor, port, {
        ...tls,
        interface: args.optional("interface"),
        backlog: args.backlog(),
      });
    },
  },
};

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

/**
 * The key is by default in the certificate's file.
 * @throws {TypeError} if a file holds no certificate or key
 * @throws {Error} if it cannot be read
 */
function readClientFiles(
  backend: Backend,
  args: Arguments,
  names: { cert: string; key: string; roots: string },
): Pick<ClientTLSOptions, "cert" | "key" | "caCerts"> {
  const roots = args.optional(names.roots);
  const caCerts = roots === undefined ? undefined : readRoots(backend, roots);
  const cert = args.optional(names.cert);
  const key = args.optional(names.key) ?? cert;
  if (key === undefined) return { caCerts };
  if (cert === undefined) {
    throw new TypeError(`there is no ${names.cert} for the ${names.key}`);
  }
  return {
    caCerts,
    cert: readCertificates(backend, cert),
    key: readKey(backend, key),
  };
}

/** Throws as `readClientFiles`. */
function readServerFiles(backend: Backend, args: Arguments): ServerTLSOptions {
  const privateKey = args.optional("privateKey") ?? "server.pem";
  const certKey = args.optional("certKey") ?? privateKey;
  const chain = args.optional("extraCertChain");
  const certs = [certKey, ...chain === undefined ? [] : [chain]];
  return {
    cert: certs.map((path) => readCertificates(backend, path)).join("\n"),
    key: readKey(backend, privateKey),
  };
}

function checkTLS(backend: Backend, options: PrepareTLSOptions): void {
  checkTLSOptions(options);
  if (backend.prepareTLS !== undefined) tlsLayer(backend, options);
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs;
const PRIVATE_KEY =
  /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----.+?-----END ([A-Z]+ )?PRIVATE KEY-----/gs;

function readRoots(backend: Backend, folder: string): string[] {
  if (backend.listFolder === undefined) throw noFiles(backend);
  const roots = backend.listFolder(folder)
    .filter((name) => /\.pem$/i.test(name))
    .flatMap((name) => certificatesIn(backend, `${folder}/${name}`));
  if (roots.length > 0) return roots;
  throw new TypeError(
    `${folder} holds no certificate to trust: they are in files named *.pem`,
  );
}

/** An unreadable file is skipped: it is one of many. */
function certificatesIn(backend: Backend, path: string): string[] {
  try {
    return blocks(readText(backend, path), CERTIFICATE);
  } catch {
    return [];
  }
}

function readCertificates(backend: Backend, path: string): string {
  const certificates = blocks(readText(backend, path), CERTIFICATE);
  if (certificates.length > 0) return certificates.join("\n");
  throw new TypeError(`${path} holds no certificate in the PEM form`);
}

function readKey(backend: Backend, path: string): string {
  const [key] = blocks(readText(backend, path), PRIVATE_KEY);
  if (key !== undefined) return key;
  throw new TypeError(`${path} holds no private key in the PEM form`);
}

function readText(backend: Backend, path: string): string {
  if (backend.readTextFile === undefined) throw noFiles(backend);
  return backend.readTextFile(path);
}

function blocks(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), ([block]) => `${block}\n`);
}

function noFiles({ name }: Backend): Error {
  return new Error(`the backend ${name} has no files`);
}
