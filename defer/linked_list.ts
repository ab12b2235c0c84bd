/** Whoever holds an entry can remove it. */
export class Node<T> {
  readonly value: T;
  /** `undefined` once removed. */
  list: LinkedList<T> | undefined;
  previous: Node<T> | undefined;
  next: Node<T> | undefined;

  constructor(value: T, list: LinkedList<T>, previous: Node<T> | undefined) {
    this.value = value;
    this.list = list;
    this.previous = previous;
    this.next = undefined;
  }

  /** Idempotent. */
  remove(): void {
    this.list?.unlink(this);
  }
}

/**
 * Adding and removing take constant time, where an array moves what is behind the first.
 *
 * What comes and goes with every connection must not be in a Set or a Map. It moves to a
 * new table when the old is used up; in V8 the old points to the new, so that once one is
 * old garbage, its successors survive until a full collection, with all they hold. Nor is
 * it a queue: finding its first value skips all deleted before.
 */
export class LinkedList<T> implements Iterable<T> {
  #first: Node<T> | undefined;
  #last: Node<T> | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(value: T): Node<T> {
    const node = new Node(value, this, this.#last);
    if (this.#last === undefined) this.#first = node;
    else this.#last.next = node;
    this.#last = node;
    this.#size++;
    return node;
  }

  shift(): Node<T> | undefined {
    const node = this.#first;
    node?.remove();
    return node;
  }

  unlink(node: Node<T>): void {
    const { next, previous } = node;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    // A node still held must not keep others alive.
    node.list = node.next = node.previous = undefined;
    this.#size--;
  }

  /** Over a copy: nodes may be removed meanwhile. */
  [Symbol.iterator](): Iterator<T> {
    const values: T[] = [];
    for (let node = this.#first; node !== undefined; node = node.next) {
      values.push(node.value);
    }
    return values.values();
  }
}
