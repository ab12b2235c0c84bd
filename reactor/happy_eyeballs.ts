/**
 * Happy Eyeballs (RFC 8305): connecting to a host with several addresses. One family may
 * lead nowhere, and an attempt end only with its timeout, so attempts overlap:
 *
 *     0 s      2001:db8::1  ────────────────────────┤ cancelled
 *     0.25 s   192.0.2.1        ───────┤ failed     │
 *              2001:db8::2             ─────────────┤ connected: this one is taken
 *
 * 1. The addresses come in the system's order (RFC 6724), families interleaved (section
 *    4), with a "First Address Family Count" of 1 (section 8).
 * 2. The next attempt begins after the "Connection Attempt Delay" (section 5), or as soon
 *    as the last one fails. RFC 8305 recommends 0.25 s; `HostnameEndpoint` waits 0.3 s,
 *    as Twisted's.
 * 3. Others do not cancel an attempt: a slow one may win.
 * 4. The first connection is taken, the others are cancelled. When all have failed, the
 *    first error is passed on.
 *
 * There is no "Resolution Delay" (section 3): resolvers give both families at once.
 * @module
 */

/** Of one attempt, or of all: one call. */
export interface Outcome<T> {
  succeeded(result: T): void;
  failed(error: unknown): void;
}

export interface HappyEyeballsOptions<T> {
  /** A cancelled attempt may report or not. */
  readonly connect: (address: string, outcome: Outcome<T>) => Cancellable;
  /** In seconds. */
  readonly delay: number;
  readonly setAlarm: (seconds: number, fn: () => void) => () => void;
}

interface Cancellable {
  cancel(): void;
}

export class HappyEyeballs<T> implements Cancellable {
  readonly #options: HappyEyeballsOptions<T>;
  readonly #outcome: Outcome<T>;
  readonly #waiting: string[];
  /** One without a `cancel` is just beginning. */
  readonly #pending: Set<Partial<Cancellable>> = new Set();
  readonly #errors: unknown[] = [];
  #cancelAlarm: (() => void) | undefined;
  #isOver = false;

  /**
   * @param addresses at least one, in the resolver's order
   * @param outcome gets the first connection, or error, with the others in its `cause`
   */
  constructor(
    addresses: readonly string[],
    options: HappyEyeballsOptions<T>,
    outcome: Outcome<T>,
  ) {
    this.#waiting = interleaveFamilies(addresses);
    this.#options = options;
    this.#outcome = outcome;
    this.#beginNext();
  }

  /** Idempotent. */
  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stopAlarm();
    for (const attempt of [...this.#pending]) attempt.cancel?.();
  }

  #beginNext(): void {
    this.#stopAlarm();
    const address = this.#waiting.shift();
    if (address === undefined) return;
    const { connect, delay, setAlarm } = this.#options;
    if (this.#waiting.length > 0) {
      this.#cancelAlarm = setAlarm(delay, () => this.#beginNext());
    }
    const pending: Partial<Cancellable> = {};
    this.#pending.add(pending);
    const attempt = connect(address, {
      succeeded: (result) => this.#succeeded(pending, result),
      failed: (error) => this.#failed(pending, error),
    });
    pending.cancel = () => attempt.cancel();
    // `connect` may have called `cancel()`.
    if (this.#isOver && this.#pending.has(pending)) attempt.cancel();
  }

  #succeeded(attempt: Partial<Cancellable>, result: T): void {
    this.#pending.delete(attempt);
    if (this.#isOver) return;
    this.cancel();
    this.#outcome.succeeded(result);
  }

  #failed(attempt: Partial<Cancellable>, error: unknown): void {
    this.#pending.delete(attempt);
    if (this.#isOver) return;
    this.#errors.push(error);
    if (this.#waiting.length > 0) return this.#beginNext();
    if (this.#pending.size > 0) return;
    this.#isOver = true;
    this.#outcome.failed(withOthers(this.#errors));
  }

  #stopAlarm(): void {
    this.#cancelAlarm?.();
    this.#cancelAlarm = undefined;
  }
}

/** The first address stays first; families keep their order. */
function interleaveFamilies(addresses: readonly string[]): string[] {
  const isOfFirstFamily = (address: string) =>
    isIPv6(address) === isIPv6(addresses[0]);
  const first = addresses.filter(isOfFirstFamily);
  const second = addresses.filter((address) => !isOfFirstFamily(address));
  const pairs = first.flatMap((one, i) => [one, ...second.slice(i, i + 1)]);
  return [...pairs, ...second.slice(first.length)];
}

function isIPv6(address: string | undefined): boolean {
  return address?.includes(":") ?? false;
}

function withOthers([first, ...others]: readonly unknown[]): unknown {
  if (others.length > 0 && first instanceof Error) {
    first.cause = new AggregateError(
      others,
      "The attempts at the other addresses failed as well",
      { cause: first.cause },
    );
  }
  return first;
}
