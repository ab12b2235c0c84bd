/**
 * What a side of a TLS connection needs, made ready by the TLS of Node.
 *
 * @module
 */

import type { TLSSocket } from "node:tls";
import type {
  PrepareTLSOptions,
  SecureStream,
  Stream,
  TLSLayer,
} from "../../backend.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "../../tls_options.ts";
import { checkCertificates } from "./certificates.ts";
import {
  type BeginHandshake,
  type HandshakeObserver,
  TLSStream,
} from "./stream.ts";

/** The modules of Node that TLS is made of. */
export interface TLSModules {
  readonly tls: typeof import("node:tls");
  readonly stream: typeof import("node:stream");
  readonly crypto: typeof import("node:crypto");
}

/** The connection has a time limit of its own; this is the most that Node can wait. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * More than a carrier ever lets in: where its buffer is full, Deno's form of Node's
 * TLS forgets the end that comes behind it.
 */
const BUFFER = { highWaterMark: 1024 * 1024 };

/** Network addresses are certified, but not asked for by name. */
const ADDRESS = /^[\d.]+$|:/;

/**
 * Makes what a backend has as its `prepareTLS`.
 *
 * @param load loads the modules, which most programs never need
 */
export function prepareTLSWith(
  load: () => TLSModules,
): (options: PrepareTLSOptions) => TLSLayer {
  return (options) => {
    const modules = load();
    const begin = options.side === "client"
      ? prepareClient(modules, options.tls)
      : prepareServer(modules, options.tls);
    const { Duplex } = modules.stream;
    return (stream: Stream): SecureStream =>
      new TLSStream(stream, (options) => new Duplex(options), begin);
  };
}

function prepareClient(
  { tls, crypto }: TLSModules,
  options: ClientTLSOptions,
): BeginHandshake {
  const { cert, key, caCerts, alpnProtocols, hostname = "", verify = true } =
    options;
  checkCertificates(crypto, options, caCerts);
  const secureContext = tls.createSecureContext({
    cert,
    key,
    ca: copy(caCerts),
  });
  return (carrier, observer) => {
    const socket = tls.connect({
      socket: carrier,
      secureContext,
      host: hostname,
      servername: ADDRESS.test(hostname) ? "" : hostname,
      rejectUnauthorized: verify,
      ALPNProtocols: copy(alpnProtocols),
      ...BUFFER,
    });
    observe(socket, "secureConnect", observer);
  };
}

function prepareServer(
  { tls, crypto }: TLSModules,
  options: ServerTLSOptions,
): BeginHandshake {
  const { cert, key, clientCaCerts } = options;
  checkCertificates(crypto, options, clientCaCerts);
  const ALPNProtocols = copy(options.alpnProtocols);
  if (clientCaCerts === undefined) {
    const secureContext = tls.createSecureContext({ cert, key });
    return (carrier, observer) => {
      const socket = new tls.TLSSocket(carrier, {
        isServer: true,
        secureContext,
        ALPNProtocols,
        ...BUFFER,
      });
      observe(socket, "secure", observer);
      // Outside of a server of its own Node tells of what goes wrong after the
      // handshake in this way alone.
      socket.on("_tlsError", (error: Error) => observer.failed(error));
    };
  }
  // Node checks the certificates of clients in a server of its own alone, which
  // says nothing of the connections that it was given: so each has one.
  return (carrier, observer) => {
    const server = tls.createServer({
      cert,
      key,
      ca: copy(clientCaCerts),
      ALPNProtocols,
      requestCert: true,
      rejectUnauthorized: true,
      ...BUFFER,
      handshakeTimeout: LONGEST_TIMEOUT,
    });
    server.on("secureConnection", (socket) => {
      socket.on("error", (error) => observer.failed(error));
      observer.secured(socket);
    });
    server.on("tlsClientError", (error) => observer.failed(error));
    server.emit("connection", carrier);
  };
}

function observe(
  socket: TLSSocket,
  secured: "secure" | "secureConnect",
  observer: HandshakeObserver,
): void {
  socket.on("error", (error) => observer.failed(error));
  socket.on(secured, () => observer.secured(socket));
}

/** Node does not promise to leave what it is given as it is. */
function copy(texts: readonly string[] | undefined): string[] | undefined {
  return texts === undefined ? undefined : [...texts];
}
