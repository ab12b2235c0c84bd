/**
 * The end of a stream.
 *
 * @module
 */

import type { Stream } from "../backend.ts";
import type { ReactorCore } from "../loop/reactor_core.ts";

/**
 * Closes a stream, or breaks it. The reactor does not end before that is done, and
 * the log is told of what the backend throws: whoever hears of the end still does.
 *
 * @param reactor whose backend has opened the stream
 * @param stream what is to be closed
 * @param how to end it: `abort` breaks the connection where that can be
 */
export function endStream(
  reactor: ReactorCore,
  stream: Stream,
  how: "close" | "abort",
): void {
  try {
    const closed = stream[how]();
    if (closed !== undefined) reactor.closing(closed);
  } catch (error) {
    reactor.closing(Promise.reject(error));
  }
}
