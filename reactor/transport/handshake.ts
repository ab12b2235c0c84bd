import type { Address } from "../addresses.ts";
import type { SecureStream, Stream } from "../backend.ts";
import { SSLError } from "../errors.ts";
import type { DelayedCall, ReactorTime } from "../interfaces.ts";
import { cancelPending } from "../loop/delayed_call.ts";

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
    const to = this.stream.remoteAddress;
    this.#ends.failed(this.stream.lost ?? tooLong(to, why));
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

function tooLong(address: Address, why: string): SSLError {
  return new SSLError(
    `Cannot complete the TLS handshake with ${address}: ${why}`,
  );
}
