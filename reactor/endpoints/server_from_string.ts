import type { Reactor } from "../reactor.ts";
import { checkTLS, readServerFiles } from "./certificates.ts";
import { type EndpointType, fromString } from "./description.ts";
import type { StreamServerEndpoint } from "./interfaces.ts";
import {
  SSL4ServerEndpoint,
  TCP4ServerEndpoint,
  TCP6ServerEndpoint,
  UNIXServerEndpoint,
} from "./server_endpoints.ts";

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
  return fromString(reactor, description, TYPES);
}

const TCP: EndpointType<StreamServerEndpoint> = {
  names: () => ({ positional: ["port", "interface", "backlog"] }),
  make: (reactor, args) =>
    new TCP4ServerEndpoint(reactor, args.port(), {
      interface: args.optional("interface"),
      backlog: args.backlog(),
    }),
};

const TCP6: EndpointType<StreamServerEndpoint> = {
  names: () => ({ positional: ["port", "backlog", "interface"] }),
  make: (reactor, args) =>
    new TCP6ServerEndpoint(reactor, args.port(), {
      interface: args.optional("interface") ?? "::",
      backlog: args.backlog(),
    }),
};

const UNIX: EndpointType<StreamServerEndpoint> = {
  names: () => ({ positional: ["address", "mode", "backlog", "lockfile"] }),
  make: (reactor, args) =>
    new UNIXServerEndpoint(reactor, args.required("address"), {
      mode: args.mode(),
      backlog: args.backlog(),
      wantPID: args.flag("lockfile") ?? true,
    }),
};

const SSL: EndpointType<StreamServerEndpoint> = {
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
};

const TYPES: ReadonlyMap<string, EndpointType<StreamServerEndpoint>> = new Map([
  ["tcp", TCP],
  ["tcp6", TCP6],
  ["unix", UNIX],
  ["ssl", SSL],
]);
