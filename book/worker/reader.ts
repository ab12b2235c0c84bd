/**
 * Reads from a server as `nc` does.
 *
 * @module
 */

import type { Backend, Stream } from "../../mod.ts";

/** Connects to a port, and hands on what comes until there is no more. */
export function readFrom(
  backend: Backend,
  port: number,
  write: (text: string) => void,
): void {
  const decoder = new TextDecoder();
  backend.connect({ hostname: "127.0.0.1", port }, (outcome) => {
    if (outcome instanceof Error) write(`${outcome.message}\n`);
    else read(outcome);
  });

  function read(stream: Stream): void {
    for (;;) {
      const data = stream.receive(65536);
      if (data === undefined) break;
      if (data instanceof Error || data.length === 0) {
        void stream.close();
        return;
      }
      write(decoder.decode(data, { stream: true }));
    }
    stream.pollRead({ readable: () => read(stream), writable() {} });
  }
}
