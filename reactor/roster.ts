/**
 * Things that come and go.
 *
 * @module
 */

/** Where a thing stands, between its neighbours. */
interface Place<T> {
  readonly thing: T;
  previous: Place<T> | undefined;
  next: Place<T> | undefined;
}

/**
 * Things that come and go, in the order in which they came.
 *
 * A Set does that too, but must not be used for what comes with every connection
 * and goes with it. A Set is moved to a new table whenever the old one is used up,
 * and in V8 the old table points to the new one: once one of them has become old
 * garbage, each of its successors survives until a full collection, with all it
 * holds. So does a Map.
 */
export class Roster<T> implements Iterable<T> {
  #first: Place<T> | undefined;
  #last: Place<T> | undefined;

  /**
   * Adds a thing, as the last.
   *
   * @returns what takes it away again; called once more, it does nothing
   */
  add(thing: T): () => void {
    const place: Place<T> = { thing, previous: this.#last, next: undefined };
    if (place.previous === undefined) this.#first = place;
    else place.previous.next = place;
    this.#last = place;
    let there = true;
    return () => {
      if (there) this.#remove(place);
      there = false;
    };
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let place = this.#first; place !== undefined; place = place.next) {
      yield place.thing;
    }
  }

  #remove(place: Place<T>): void {
    const { previous, next } = place;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    // What is gone must not hold those that came after it.
    place.previous = place.next = undefined;
  }
}
