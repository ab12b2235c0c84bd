/**
 * What the parts of a reactor ask of it.
 *
 * @module
 */

import type { Failure, Log } from "../../defer/mod.ts";
import type { Backend } from "../backend.ts";
import type {
  ReactorTime,
  ReadDescriptor,
  WriteDescriptor,
} from "../interfaces.ts";

/** Something that a reactor has to end when it stops. */
export interface Disconnectable {
  /**
   * Ends it now, and tells all who are to be told.
   *
   * @returns nothing, or what settles when the runtime has ended it as well
   */
  disconnectNow(reason: Failure): void | Promise<void>;
}

/** The entry of something open in the list of what a reactor has to end. */
export interface OpenNode {
  /** Called once it is closed; idempotent. */
  remove(): void;
}

/** What the parts of a reactor ask of it; no concern of its users. */
export interface ReactorCore extends ReactorTime {
  /** What opens connections and ports. */
  readonly backend: Backend;
  /** Where errors go. */
  readonly log: Log;
  /** Watches for something to read. */
  addReader(reader: ReadDescriptor): void;
  /** Watches no more for something to read. */
  removeReader(reader: ReadDescriptor): void;
  /** Watches for room to write. */
  addWriter(writer: WriteDescriptor): void;
  /** Watches no more for room to write. */
  removeWriter(writer: WriteDescriptor): void;
  /** Calls `fn` with `args` on the next turn of the loop. */
  callFromThread<A extends unknown[]>(
    fn: (...args: A) => unknown,
    ...args: A
  ): void;
  /**
   * Something was opened that is to be ended when the reactor stops.
   *
   * @returns its entry, to remove when it has come to its end before
   */
  opened(thing: Disconnectable, kind: "port" | "connection"): OpenNode;
  /** Something takes a while to close: the loop does not end before it is. */
  closing(closed: Promise<void>): void;
}
