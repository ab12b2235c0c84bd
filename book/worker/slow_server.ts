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
    const end = Math.min(from + this.#setup.numBytes, this.#poem.length);
    if (from === end) return this.#next(stream);
    this.#write(stream, from, end);
  }

  /** Sends a piece, as fast as the client takes it, and rests after it. */
  #write(stream: Stream, from: number, end: number): void {
    if (!this.#alive) return;
    const sent = stream.send(this.#poem.subarray(from, end));
    if (sent instanceof Error) return this.#next(stream);
    const total = from + sent;
    if (sent > 0) this.#observer.sent(this.#setup.port, sent, total);
    if (total < end) {
      const writable = () => this.#write(stream, total, end);
      stream.pollWrite({ readable() {}, writable });
      return;
    }
    const next = () => this.#send(stream, total);
    this.#time.add(this.#setup.delay, next, true);
  }

  #next(stream: Stream): void {
    stream.close();
    this.#stream = undefined;
    this.#accept();
  }
}
