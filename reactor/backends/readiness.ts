import type { Pollable, ReadinessObserver } from "../backend.ts";

export const EOF: Uint8Array = new Uint8Array(0);

/** Observers, each notified once. */
export class Readiness implements ReadinessObserver {
  #reader: ReadinessObserver | undefined;
  #writer: ReadinessObserver | undefined;

  get hasReader(): boolean {
    return this.#reader !== undefined;
  }

  pollRead(observer: ReadinessObserver, isReady: boolean): void {
    if (isReady) observer.readable();
    else this.#reader = observer;
  }

  pollWrite(observer: ReadinessObserver, isReady: boolean): void {
    if (isReady) observer.writable();
    else this.#writer = observer;
  }

  readable(): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.readable();
  }

  writable(): void {
    const writer = this.#writer;
    this.#writer = undefined;
    writer?.writable();
  }

  moveTo(pollable: Pollable): void {
    const [reader, writer] = [this.#reader, this.#writer];
    this.clear();
    if (reader !== undefined) pollable.pollRead(reader);
    if (writer !== undefined) pollable.pollWrite(writer);
  }

  clear(): void {
    this.#reader = this.#writer = undefined;
  }
}
