// What the tests of endpoints share.

import { assertEquals, assertThrows } from "@std/assert";
import {
  Factory,
  type NameResolver,
  Protocol,
  type Reactor,
  succeed,
} from "../../../mod.ts";
import { MemoryReactor } from "../../../testing.ts";

/** A factory that says nothing to the log. */
export class QuietFactory extends Factory {
  override protocol = Protocol;
  override noisy = false;
}

/** A resolver that knows one host. */
export function knows(addresses: readonly string[]): NameResolver {
  return { resolveHostName: () => succeed(addresses) };
}

/** A string that describes no endpoint, and the error: its class, and why. */
export type BadString = [
  description: string,
  kind: new (message: string) => Error,
  why: string,
];

/** Defines a test for each of the strings that a function must refuse. */
export function refuses(
  fromString: (reactor: Reactor, description: string) => unknown,
  bad: readonly BadString[],
): void {
  for (const [description, kind, why] of bad) {
    const string = JSON.stringify(description);
    Deno.test(`${fromString.name} refuses ${string}: ${why}`, () => {
      const reactor = new MemoryReactor();
      const error = assertThrows(() => fromString(reactor, description), kind);
      assertEquals(
        error.message,
        `Cannot read the endpoint ${string}: ${why}`,
      );
      assertEquals(error.constructor, kind);
    });
  }
}
