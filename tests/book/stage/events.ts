/**
 * Events as a worker reports them, for tests.
 *
 * @module
 */

import type { Event, ServerSetup } from "../../../book/worker/messages.ts";

/** A server whose poem is of that text. */
export function server(port: number, poem: string): ServerSetup {
  return { port, name: `poem-${port}.txt`, poem, numBytes: 10, delay: 0.1 };
}

/** A connection that is made at a time. */
export function connected(time: number, port: number, id = port): Event {
  return { what: "connected", port, id, time };
}

/** Bytes that come. */
export function received(
  time: number,
  port: number,
  count: number,
  id = port,
): Event {
  return { what: "received", port, id, count, time };
}

/** A connection that ends. */
export function closed(time: number, port: number, id = port): Event {
  return { what: "closed", port, id, time };
}

/** A call of the loop, from a time to another, with what happens in it. */
export function call(
  name: string,
  from: number,
  until: number,
  inside: Event[] = [],
): Event[] {
  return [
    { what: "call", kind: "doRead", name, time: from },
    ...inside,
    { what: "call over", time: until },
  ];
}

/** A stage of a deferred that is called and is over at the same time. */
export function stage(
  time: number,
  side: "callback" | "errback",
  name: string,
  result: string,
  failed = false,
  { deferred = 1, argument = "the argument" } = {},
): Event[] {
  return [
    {
      what: "stage",
      deferred,
      side,
      name,
      passed: name === "",
      argument,
      failed: side === "errback",
      stack: [],
      time,
    },
    { what: "stage over", deferred, result, failed, time },
  ];
}
