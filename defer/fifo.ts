/**
 * First in, first out, with a way out for whoever gives up in the middle.
 *
 * @module
 */

/** A place in a {@linkcode Fifo}. */
export class Place<T> {
  readonly value: T;
  next: Place<T> | null = null;
  previous: Place<T> | null = null;
  /** Whether the value is still in the list. */
  taken = true;

  constructor(value: T) {
    this.value = value;
  }
}

/**
 * A list that is added to at its end and taken from at its front.
 *
 * Each of its operations takes the same time however long the list is, which
 * neither an array (it moves what is behind the front) nor a `Set` (it looks
 * over what was deleted before the front) can say.
 */
export class Fifo<T> implements Iterable<T> {
  #first: Place<T> | null = null;
  #last: Place<T> | null = null;
  #size = 0;

  /** How many values are in it. */
  get size(): number {
    return this.#size;
  }

  /** Adds a value at the end, and gives the place it has now. */
  push(value: T): Place<T> {
    const place = new Place(value);
    place.previous = this.#last;
    if (this.#last === null) this.#first = place;
    else this.#last.next = place;
    this.#last = place;
    this.#size++;
    return place;
  }

  /** Takes the first place away and gives it; `null` if the list is empty. */
  shift(): Place<T> | null {
    const place = this.#first;
    if (place !== null) this.remove(place);
    return place;
  }

  /** Takes a place away, wherever it is; one that has left already stays away. */
  remove(place: Place<T>): void {
    if (!place.taken) return;
    place.taken = false;
    const { next, previous } = place;
    if (previous === null) this.#first = next;
    else previous.next = next;
    if (next === null) this.#last = previous;
    else next.previous = previous;
    place.next = place.previous = null;
    this.#size--;
  }

  /** The values, the first one first. */
  *[Symbol.iterator](): Generator<T, void, undefined> {
    for (let place = this.#first; place !== null; place = place.next) {
      yield place.value;
    }
  }
}
