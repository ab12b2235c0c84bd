/**
 * Sockets that block, in a page: it stands in the place of
 * clients/shared/blocking_backend.ts there. While a read waits, only the servers go on;
 * no timer of the program, no other socket.
 *
 * @module
 */

import type { Backend, Stream } from "../../mod.ts";
import { get } from "./current.ts";

/** Like the backend of the page, but its sockets block in `recv`. */
export const blockingBackend: Backend = {
  ...get().backend,
  name: "blocking",
  connect: (options, done) =>
    get().backend.connect(options, (outcome) => {
      done(outcome instanceof Error ? outcome : blocking(outcome));
    }),
};

function blocking(stream: Stream): Stream {
  const { localAddress, remoteAddress } = stream;
  return {
    localAddress,
    remoteAddress,
    pollRead: (by) => stream.pollRead(by),
    pollWrite: (by) => stream.pollWrite(by),
    receive(max) {
      let data = stream.receive(max);
      get().time.block(() =>
        data !== undefined || (data = stream.receive(max)) !== undefined
      );
      return data;
    },
    send: (bytes) => stream.send(bytes),
    close: () => stream.close(),
    abort: () => stream.abort(),
  };
}
