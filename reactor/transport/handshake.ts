/**
 * The beginning of a connection over TLS.
 *
 * @module
 */

import type { Address } from "../addresses.ts";
import type { DelayedCall } from "../loop/delayed_call.ts";
import { SSLError } from "../errors.ts";
import type { SecureStream, Stream } from "../backend.ts";
import type { ReactorTime } from "../interfaces.ts";
import { DEFAULT_HANDSHAKE_TIMEOUT } from "../tls_options.ts";

const NOTHING = new Uint8Array(0);

/** Whether TLS has been laid over a stream. */
export function isSecure(stream: Stream): stream is SecureStream {
  return "onHandshake" in stream;
}

/** How long a client tries to connect, which the handshake is a part of. */
export interface ConnectDeadline {
  /** When it gives up, in the seconds of the reactor. */
  readonly time: number;
  /** How long it has tried by then, in seconds. */
  readonly timeout: number;
}

/** Who is told what becomes of a handshake. */
export interface HandshakeEnds {
  /** Both ends have agreed: called from `tell()` alone. */
  completed(): void;
  /** It has taken too long, or has failed and nobody was looking. */
  failed(reason: Error): void;
}

/**
 * Sees to it that somebody hears once that both ends have agreed, and that they do
 * so in time.
 */
export class Handshake {
  /** The connection that begins with it. */
  readonly stream: SecureStream;
  readonly #ends: HandshakeEnds;
  readonly #timer: DelayedCall | undefined;
  #told = false;

  /**
   * @param stream the connection
   * @param ends whom to tell
   * @param time what keeps the time
   * @param deadline when the client gives up that has connected for this
   */
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

  /**
   * Tells it now, if it is so and has not been told.
   *
   * @returns whether it was told now
   */
  tell(): boolean {
    if (this.#told || !this.stream.secured) return false;
    this.#told = true;
    this.#ends.completed();
    return true;
  }

  /** Waits for it no longer: it is over, or the connection is. */
  end(): void {
    if (this.#timer?.active()) this.#timer.cancel();
  }

  #expire(why: string): void {
    if (this.stream.secured) return;
    // Nobody looks while a connection is paused that has nothing to send.
    const broken = this.stream.send(NOTHING);
    const to = this.stream.remoteAddress;
    this.#ends.failed(broken instanceof Error ? broken : tooLong(to, why));
  }
}

/** What ends first: the time for the handshake, or that for connecting. */
function limitOf(
  stream: SecureStream,
  time: ReactorTime,
  deadline: ConnectDeadline | undefined,
): { seconds: number; why: string } | undefined {
  const { handshakeTimeout = DEFAULT_HANDSHAKE_TIMEOUT } = stream;
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

function tooLong(address: Address, why: string): SSLError {
  return new SSLError(
    `Cannot complete the TLS handshake with ${address}: ${why}`,
  );
}
