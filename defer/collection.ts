// What lists of deferreds have in common.

import { mustBe } from "./checks.ts";
import { adopt, type CancelDelegate, type Deferred } from "./deferred.ts";
import { isFailure } from "./failure.ts";

/**
 * The type of a deferred's result.
 * @category Deferred
 */
export type ValueOf<D> = D extends Deferred<infer T> ? T : never;

/**
 * The type of a list's elements.
 * @category Deferred
 */
export type ElementOf<Ds> = Ds extends Iterable<infer D> ? D : never;

/** @throws {TypeError} if something in the list is not a deferred */
export function checkDeferreds(
  caller: string,
  deferreds: Iterable<Deferred<unknown>>,
): Deferred<unknown>[] {
  const list = [...deferreds];
  for (let index = 0; index < list.length; index++) {
    const d = adopt(list[index]);
    if (d !== undefined) {
      list[index] = d;
      continue;
    }
    throw new TypeError(
      mustBe(`${caller}: deferreds[${index}]`, "a Deferred", list[index]),
    );
  }
  return list;
}

export function cancelAll(deferreds: readonly Deferred<unknown>[]): void {
  for (const d of deferreds) d.cancel();
}

export class CancelAll implements CancelDelegate {
  readonly #deferreds: readonly Deferred<unknown>[];

  constructor(deferreds: readonly Deferred<unknown>[]) {
    this.#deferreds = deferreds;
  }

  cancel(): undefined {
    cancelAll(this.#deferreds);
  }

  successor(): undefined {}
}

// What a deferred goes on with after a list has its result:

export function unchanged(result: unknown): unknown {
  return result;
}

/** Values stay; failures are consumed. */
export function valueOnly(result: unknown): unknown {
  return isFailure(result) ? undefined : result;
}

export function consumed(): undefined {}
