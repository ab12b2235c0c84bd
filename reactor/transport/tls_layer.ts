import { certifiedHost } from "../addresses.ts";
import type {
  Backend,
  PrepareTLSOptions,
  SecureStream,
  Stream,
  TLSLayer,
} from "../backend.ts";
import { checkOptions, checkTimeout } from "../checks.ts";
import { SSLError } from "../errors.ts";
import type { DelayedCall, ReactorTime } from "../interfaces.ts";
import { cancelPending } from "../loop/delayed_call.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "../tls_options.ts";

// Options are checked when given: to runtimes some matter later, or never.

/** Of a protocol's name, in bytes (RFC 7301). */
const MAX_PROTOCOL_SIZE = 255;

/** Of all names, in bytes, each with one for its length. */
const MAX_PROTOCOLS_SIZE = 65_535;

/**
 * @throws {Error} if the backend has no TLS
 * @throws {TypeError} if a certificate or key is missing or cannot be read, or another
 *   option is invalid
 * @throws {RangeError} if `handshakeTimeout` is invalid
 */
export function tlsLayer(
  backend: Backend,
  options: PrepareTLSOptions,
): TLSLayer {
  if (backend.prepareTLS === undefined) {
    throw new Error(
      `Cannot use TLS: the backend ${backend.name} has none. connectTCP and listenTCP do without`,
    );
  }
  const { cert, key, handshakeTimeout } = options.tls;
  checkTLSOptions(options);
  const isHalf = (cert === undefined) !== (key === undefined);
  const isNone = cert === undefined && options.side === "server";
  if (isHalf || isNone) throw missing(options.side, cert);
  const layer = backend.prepareTLS(withCertifiedHost(options));
  return (stream) => {
    const secure = layer(stream);
    secure.handshakeTimeout = handshakeTimeout;
    return secure;
  };
}

/**
 * @param connectedTo the host; `undefined` where this is the server
 * @throws {TypeError} if a server has no certificate
 */
export function sideOf(
  options: ClientTLSOptions | ServerTLSOptions,
  connectedTo: string | undefined,
): PrepareTLSOptions {
  checkOptions("startTLS", options);
  if (connectedTo !== undefined) return clientSide(options, connectedTo);
  const { cert, key } = options;
  if (cert === undefined || key === undefined) throw missing("server", cert);
  return { side: "server", tls: { ...options, cert, key } };
}

/** The certificate must be for `hostname`, or the host, which is empty without a name. */
export function clientSide(
  options: ClientTLSOptions,
  host: string,
): PrepareTLSOptions {
  const hostname = options.hostname ?? host;
  return { side: "client", tls: { ...options, hostname } };
}

/**
 * What does not depend on the runtime.
 * @throws {TypeError} if a protocol's name is empty or too long, no root is trusted, or a
 *   client has no name to verify
 * @throws {RangeError} if `handshakeTimeout` is invalid
 */
export function checkTLSOptions({ side, tls }: PrepareTLSOptions): void {
  checkProtocols(tls.alpnProtocols ?? []);
  checkTimeout("handshakeTimeout", tls.handshakeTimeout ?? null);
  if (side === "server") {
    checkRoots("clientCaCerts", tls.clientCaCerts);
    return;
  }
  checkRoots("caCerts", tls.caCerts);
  if (tls.hostname || tls.verify === false) return;
  throw new TypeError(
    "The hostname that the server's certificate has to be for must not be empty: over a UNIX socket it has to be given",
  );
}

/** Names are verified as certificates have them. */
function withCertifiedHost(options: PrepareTLSOptions): PrepareTLSOptions {
  if (options.side === "server") return options;
  const { tls } = options;
  if (tls.hostname === undefined) return options;
  return { ...options, tls: { ...tls, hostname: certifiedHost(tls.hostname) } };
}

function missing(
  side: PrepareTLSOptions["side"],
  cert: string | undefined,
): TypeError {
  return new TypeError(
    `TLS on the ${side}'s side needs a certificate and its key: there is no ${
      cert === undefined ? "cert" : "key"
    }`,
  );
}

function checkProtocols(names: readonly string[]): void {
  if (!Array.isArray(names)) {
    throw new TypeError(`alpnProtocols must be an array, got ${typeof names}`);
  }
  let total = 0;
  for (const name of names) {
    const size = typeof name === "string"
      ? new TextEncoder().encode(name).length
      : 0;
    total += 1 + size;
    if (size >= 1 && size <= MAX_PROTOCOL_SIZE) continue;
    throw new TypeError(
      `Each of alpnProtocols must be a text of 1 to ${MAX_PROTOCOL_SIZE} bytes, got ${
        typeof name === "string" ? `one of ${size}` : typeof name
      }`,
    );
  }
  if (total <= MAX_PROTOCOLS_SIZE) return;
  throw new TypeError(
    `alpnProtocols must have ${MAX_PROTOCOLS_SIZE} bytes at most, got ${total}`,
  );
}

/** No root would mean no connection, or what a runtime makes of it. */
function checkRoots(name: string, roots: readonly string[] | undefined): void {
  if (roots === undefined) return;
  if (!Array.isArray(roots)) {
    throw new TypeError(`${name} must be an array, got ${typeof roots}`);
  }
  if (roots.length > 0) return;
  throw new TypeError(
    `${name} must hold one certificate or more, got an empty array`,
  );
}

/** In seconds. */
const DEFAULT_TIMEOUT = 30;

export function isSecure(stream: Stream): stream is SecureStream {
  return "onHandshake" in stream;
}

/** For connecting, handshake included. */
export interface ConnectDeadline {
  /** In the reactor's seconds. */
  readonly time: number;
  /** In seconds. */
  readonly timeout: number;
}

export interface HandshakeEnds {
  /** From `report()` alone. */
  completed(): void;
  /** Too late, or failed while the connection was not reading. */
  failed(reason: Error): void;
}

/** Reports once that the handshake is complete, and limits its time. */
export class Handshake {
  readonly stream: SecureStream;
  readonly #ends: HandshakeEnds;
  readonly #timer: DelayedCall | undefined;
  #reported = false;

  constructor(
    stream: SecureStream,
    ends: HandshakeEnds,
    time: ReactorTime,
    deadline?: ConnectDeadline,
  ) {
    this.stream = stream;
    this.#ends = ends;
    const limit = limitOf(stream, time, deadline);
    if (limit === undefined) return;
    this.#timer = time.callLater(limit.seconds, () => this.#expire(limit.why));
    stream.onHandshake(() => this.end());
  }

  /** @returns whether this call has reported it */
  report(): boolean {
    if (this.#reported || !this.stream.secured) return false;
    this.#reported = true;
    this.#ends.completed();
    return true;
  }

  end(): void {
    cancelPending(this.#timer);
  }

  #expire(why: string): void {
    if (this.stream.secured) return;
    // A paused connection with nothing to send has not seen how it broke.
    const { lost, remoteAddress } = this.stream;
    const message =
      `Cannot complete the TLS handshake with ${remoteAddress}: ${why}`;
    this.#ends.failed(lost ?? new SSLError(message));
  }
}

function limitOf(
  stream: SecureStream,
  time: ReactorTime,
  deadline: ConnectDeadline | undefined,
): { seconds: number; why: string } | undefined {
  const { handshakeTimeout = DEFAULT_TIMEOUT } = stream;
  const left = deadline === undefined
    ? Infinity
    : Math.max(deadline.time - time.seconds(), 0);
  if (deadline !== undefined && left < (handshakeTimeout ?? Infinity)) {
    const why =
      `it was not over ${deadline.timeout} seconds after connecting began (timeout)`;
    return { seconds: left, why };
  }
  if (handshakeTimeout === null) return undefined;
  const why =
    `it was not over after ${handshakeTimeout} seconds (handshakeTimeout)`;
  return { seconds: handshakeTimeout, why };
}
