import { Deferred } from "./deferred.ts";
import { LinkedList, type Node } from "./linked_list.ts";

/** Deferreds in the order they came. Cancelling one removes it. */
export class WaitQueue<T> {
  readonly #waiting = new LinkedList<Deferred<T>>();

  get size(): number {
    return this.#waiting.size;
  }

  enqueue(): Deferred<T> {
    const d = new Deferred<T>(() => node.remove());
    const node: Node<Deferred<T>> = this.#waiting.push(d);
    return d;
  }

  /** Removes the first that nobody has fired. */
  dequeue(): Deferred<T> | undefined {
    for (;;) {
      const d = this.#waiting.shift()?.value;
      if (d === undefined || !d.called) return d;
    }
  }

  toArray(): Deferred<T>[] {
    return [...this.#waiting];
  }
}
