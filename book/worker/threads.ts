/**
 * Threads in a page: those that a program starts, and waits that block one.
 *
 * @module
 */

import { define } from "./globals.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** Memory to wait on. Few hosts let a page have it in another way. */
function shareMemory(): void {
  const PAGE_BYTES = 64 * 1024;
  const scope = globalThis as { SharedArrayBuffer?: unknown };
  scope.SharedArrayBuffer ??= function (bytes: number): ArrayBufferLike {
    const pages = Math.max(1, Math.ceil(bytes / PAGE_BYTES));
    const size = { initial: pages, maximum: pages, shared: true };
    return new WebAssembly.Memory(size).buffer;
  };
}

const PRELUDE = encodeURIComponent(`(${shareMemory})();`);

/** Sleeps, and does not sleep where the page may not. */
export function sleeper(): (seconds: number) => void {
  const { wait } = Atomics;
  shareMemory();
  let nobody: Int32Array<SharedArrayBuffer> | undefined;
  return (seconds) => {
    try {
      nobody ??= new Int32Array(new SharedArrayBuffer(4), 0, 1);
      wait(nobody, 0, 0, seconds * 1000);
    } catch {
      // The clock jumps, and the host's catches up afterwards.
    }
  };
}

/** Has waits that block take the page's time. */
export function replaceWait(time: VirtualTime): void {
  const { wait } = Atomics;
  define(
    Atomics,
    "wait",
    (array: Int32Array, index: number, value: number, ms = Infinity) => {
      // Another thread is to end it: the clock knows of none.
      if (ms === Infinity) return wait(array, index, value);
      const isChanged = () => Atomics.load(array, index) !== value;
      if (isChanged()) return "not-equal";
      time.block(isChanged, time.seconds() + Math.max(0, ms) / 1000);
      return isChanged() ? "ok" : "timed-out";
    },
  );
}

/** Has what threads say come out of the clock; returns how many there are. */
export function replaceThreads(time: VirtualTime): () => number {
  const threads = new Set<Thread>();
  const HostWorker = Worker;
  class Thread extends EventTarget {
    onmessage: ((event: Event) => void) | null = null;
    onerror: ((event: Event) => void) | null = null;
    #worker: Worker;

    constructor(url: string | URL, options?: WorkerOptions) {
      super();
      const prepared = `${url}`.replace(
        /^data:text\/javascript,/,
        (head) => head + PRELUDE,
      );
      this.#worker = new HostWorker(prepared, options);
      threads.add(this);
      this.#worker.onmessage = ({ data }) =>
        this.#tell(new MessageEvent("message", { data }));
      this.#worker.onerror = ({ message }) =>
        this.#tell(new ErrorEvent("error", { message }));
    }

    postMessage(message: unknown): void {
      this.#worker.postMessage(message);
    }

    terminate(): void {
      threads.delete(this);
      this.#worker.terminate();
    }

    #tell(event: Event): void {
      time.add(0, () => {
        if (!threads.has(this)) return;
        if (event.type === "message") this.onmessage?.(event);
        else this.onerror?.(event);
        this.dispatchEvent(event);
      });
    }
  }
  define(globalThis, "Worker", Thread);
  return () => threads.size;
}
