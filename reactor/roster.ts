/**
 * Things that come and go.
 *
 * @module
 */

/** The place of a thing in a {@linkcode Roster}, between its neighbours. */
export class Place<T> {
  /** Missing where the two ends of the roster meet. */
  readonly thing: T | undefined;
  /** The place itself, unless it is in a roster. */
  previous: Place<T> = this;
  next: Place<T> = this;

  constructor(thing: T | undefined) {
    this.thing = thing;
  }

  /** Takes the thing away. Once more, it does nothing. */
  leave(): void {
    this.previous.next = this.next;
    this.next.previous = this.previous;
    // What is gone must not hold those that came after it.
    this.previous = this.next = this;
  }
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
export class Roster<T extends NonNullable<unknown>> implements Iterable<T> {
  /** Between the last and the first. */
  #ends: Place<T> = new Place<T>(undefined);

  /** Adds a thing, as the last, and gives the place that it can leave. */
  add(thing: T): Place<T> {
    const place = new Place(thing);
    place.previous = this.#ends.previous;
    place.next = this.#ends;
    place.previous.next = this.#ends.previous = place;
    return place;
  }

  /** Those that are there now, whoever leaves meanwhile. */
  [Symbol.iterator](): Iterator<T> {
    const things: T[] = [];
    let place = this.#ends.next;
    for (; place.thing !== undefined; place = place.next) {
      things.push(place.thing);
    }
    return things.values();
  }
}
