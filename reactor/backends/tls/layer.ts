import type { TLSSocket } from "node:tls";
import type {
  PrepareTLSOptions,
  SecureStream,
  Stream,
  TLSLayer,
} from "../../backend.ts";
import type {
  ClientTLSOptions,
  ServerTLSOptions,
  TLSOptions,
} from "../../tls_options.ts";
import { builtin } from "../node/system.ts";
import {
  type BeginHandshake,
  type HandshakeObserver,
  TLSStream,
} from "./stream.ts";

/** Node's maximum: the reactor has its own. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** More than the adapter lets in: Deno's `node:tls` drops an EOF when this is full. */
const BUFFER = { highWaterMark: 1024 * 1024 };

/** Allowed in a certificate, but not in SNI (RFC 6066). */
const ADDRESS = /^[\d.]+$|:/;

/** Node's modules are loaded only here. */
export function prepareTLS(options: PrepareTLSOptions): TLSLayer {
  const begin = options.side === "client"
    ? prepareClient(options.tls)
    : prepareServer(options.tls);
  const { Duplex } = builtin("node:stream");
  return (stream: Stream): SecureStream =>
    new TLSStream(stream, (options) => new Duplex(options), begin);
}

function prepareClient(options: ClientTLSOptions): BeginHandshake {
  const tls = builtin("node:tls");
  const { cert, key, caCerts, alpnProtocols, hostname = "", verify = true } =
    options;
  checkCertificates(options, caCerts);
  const ca = copy(caCerts);
  const secureContext = tls.createSecureContext({ cert, key, ca });
  return (duplex, observer) => {
    const socket = tls.connect({
      socket: duplex,
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

function prepareServer(options: ServerTLSOptions): BeginHandshake {
  const tls = builtin("node:tls");
  const { cert, key, clientCaCerts } = options;
  checkCertificates(options, clientCaCerts);
  const ALPNProtocols = copy(options.alpnProtocols);
  if (clientCaCerts === undefined) {
    const secureContext = tls.createSecureContext({ cert, key });
    return (duplex, observer) => {
      const socket = new tls.TLSSocket(duplex, {
        isServer: true,
        secureContext,
        ALPNProtocols,
        ...BUFFER,
      });
      observe(socket, "secure", observer);
      // Node reports later errors only so.
      socket.on("_tlsError", (error: Error) => observer.failed(error));
    };
  }
  // Node verifies client certificates only in a server, whose events do not tell the
  // connection: each has its own.
  return (duplex, observer) => {
    const server = tls.createServer({
      cert,
      key,
      ca: copy(clientCaCerts),
      ALPNProtocols,
      requestCert: true,
      rejectUnauthorized: true,
      ...BUFFER,
      handshakeTimeout: LONGEST_TIMEOUT_MS,
    });
    server.on("secureConnection", (socket) => {
      socket.on("error", (error) => observer.failed(error));
      observer.completed(socket);
    });
    server.on("tlsClientError", (error) => observer.failed(error));
    server.emit("connection", duplex);
  };
}

function observe(
  socket: TLSSocket,
  event: "secure" | "secureConnect",
  observer: HandshakeObserver,
): void {
  socket.on("error", (error) => observer.failed(error));
  socket.on(event, () => observer.completed(socket));
}

/** Node may change what it is given. */
function copy(texts: readonly string[] | undefined): string[] | undefined {
  return texts === undefined ? undefined : [...texts];
}

/**
 * Runtimes check at the first connection, or never.
 * @throws {TypeError} if a certificate or key cannot be read, or they do not match
 */
function checkCertificates(
  { cert, key }: TLSOptions,
  roots: readonly string[] = [],
): void {
  const crypto = builtin("node:crypto");
  const certificate = (pem: string) =>
    read("a certificate", () => new crypto.X509Certificate(pem));
  for (const root of roots) certificate(root);
  if (cert === undefined || key === undefined) return;
  const shown = certificate(cert);
  const own = read("a private key", () => crypto.createPrivateKey(key));
  if (shown.checkPrivateKey(own)) return;
  throw new TypeError(
    `The private key is not that of the certificate for ${shown.subject}`,
  );
}

function read<T>(what: string, fn: () => T): T {
  try {
    return fn();
  } catch (error) {
    const { message } = error as Error;
    const shown =
      `Cannot read ${what}, which has to be a text in the PEM form: ${message}`;
    throw new TypeError(shown, { cause: error });
  }
}
