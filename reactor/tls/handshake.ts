/**
 * The beginning of a connection over TLS.
 *
 * @module
 */

import type { SecureStream, Stream } from "../interfaces.ts";

/** Whether TLS has been laid over a stream. */
export function isSecure(stream: Stream): stream is SecureStream {
  return "onSecured" in stream;
}

/** Sees to it that somebody hears once that both ends have agreed. */
export class Handshake {
  /** The connection that begins with it. */
  readonly stream: SecureStream;
  readonly #completed: () => void;
  #told = false;

  /**
   * @param stream the connection
   * @param completed whom to tell, from `tell()` alone
   */
  constructor(stream: SecureStream, completed: () => void) {
    this.stream = stream;
    this.#completed = completed;
  }

  /** Tells it now, if it is so and has not been told. */
  tell(): void {
    if (this.#told || !this.stream.secured) return;
    this.#told = true;
    this.#completed();
  }
}
