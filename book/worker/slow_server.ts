/**
 * A slow poetry server inside the worker: as server/slowpoetry.ts, one client after the
 * other, a few bytes at a time.
 *
 * @module
 */

import type { Backend, Listener, Stream } from "../../mod.ts";
import type { ServerSetup } from "./messages.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** Who is told what a server does. */
export interface ServerObserver {
  sent(port: number, count: number, total: number): void;
  ended(port: number): void;
}

/** Serves a poem until it is killed. */
export class SlowServer {
  #setup: ServerSetup;
  #poem: Uint8Array;
  #time: VirtualTime;
  #observer: ServerObserver;
  #listener: Listener;
  #stream: Stream | undefined;
  #alive = true;

  constructor(
    backend: Backend,
    time: VirtualTime,
    setup: ServerSetup,
    observer: ServerObserver,
  ) {
    this.#setup = setup;
    this.#poem = new TextEncoder().encode(setup.poem);
    this.#time = time;
    this.#observer = observer;
    const { port } = setup;
    this.#listener = backend.listen({
      hostname: "127.0.0.1",
      port,
      backlog: 511,
      reusePort: false,
    });
    this.#accept();
  }

  /** Ends it in the middle of what it does, as `kill` ends a process. */
  kill(): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#stream?.close();
    void this.#listener.close();
    this.#observer.ended(this.#setup.port);
  }

  #accept(): void {
    this.#listener.pollRead({
      readable: () => {
        const stream = this.#listener.accept();
        if (!this.#alive) return;
        if (stream === undefined || stream instanceof Error) {
          return this.#accept();
        }
        this.#stream = stream;
        this.#send(stream, 0);
      },
      writable() {},
    });
  }

  #send(stream: Stream, from: number): void {
    if (!this.#alive) return;
    const piece = this.#poem.subarray(from, from + this.#setup.numBytes);
    if (piece.length === 0) return this.#next(stream);
    const sent = stream.send(piece);
    if (sent instanceof Error) return this.#next(stream);
    const total = from + sent;
    this.#observer.sent(this.#setup.port, sent, total);
    this.#time.add(
      this.#setup.delay,
      () => this.#send(stream, total),
      true,
    );
  }

  #next(stream: Stream): void {
    stream.close();
    this.#stream = undefined;
    this.#accept();
  }
}
