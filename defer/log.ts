/**
 * The log: where errors go that nobody else has taken.
 *
 * @module
 */

import type { Failure } from "./failure.ts";
import {
  classNameOf,
  framesOf,
  messageOf,
  readSafely,
  textOf,
} from "./text.ts";
import { isThenable } from "./thenable.ts";

/** What an observer of the log is told. */
export interface LogEvent {
  /** `"error"` from {@linkcode Log.err}, `"info"` from {@linkcode Log.msg}. */
  readonly level: "info" | "error";
  /** The text: the message, or why the failure is logged. */
  readonly text: string;
  /** The failure, where one was logged. */
  readonly failure?: Failure | undefined;
}

/**
 * Somebody who is told of every event of a log. What an observer throws, or what
 * the promise that it returns is rejected with, is written to stderr.
 */
export type LogObserver = (event: LogEvent) => void;

/**
 * A log: text and failures go in, observers are told.
 *
 * Its functions can be handed on by themselves: `d.addErrback(log.err)`.
 */
export interface Log {
  /**
   * Tells the observers `text`. Without an observer it goes nowhere.
   *
   * @param text what happened
   */
  msg(text: string): void;
  /**
   * Tells the observers of a failure. Without an observer it is written to
   * stderr.
   *
   * @param failure what went wrong
   * @param why what was being done, or what the failure means
   */
  err(failure: Failure, why?: string): void;
  /**
   * Adds an observer.
   *
   * What it logs itself while it is told of something goes to the others; an
   * error that nobody else is there for is written to stderr.
   *
   * @param observer is told of every event from now on
   * @returns what takes the observer away again
   */
  addObserver(observer: LogObserver): () => void;
}

/** Writes an event to stderr, as the log does where nobody observes it. */
function writeToStderr(event: LogEvent): void {
  if (event.level !== "error") return;
  const { text, failure } = event;
  const traceback = readSafely(
    () => failure?.getTraceback().trimEnd(),
    textOf(failure),
  );
  write([textOf(text), traceback].filter(Boolean).join("\n"));
}

let writeLine: (text: string) => void = (text) => console.error(text);

/**
 * For a backend: what writes a line to stderr, on a host where a stderr that is
 * closed would end the program after `console.error` has returned.
 */
export function setStderr(writer: (text: string) => void): void {
  writeLine = writer;
}

/** Writes a text to stderr, if there is one that takes it. */
function write(text: string): void {
  try {
    writeLine(text);
  } catch {
    // It is closed, or on a full disk: there is nobody left to tell.
  }
}

/** An observer that fails must not hide the event from the others, nor fail whoever logged it. */
function writeObserverError(error: unknown): void {
  // Telling the log would come back to the observer.
  const text = `${classNameOf(error)}: ${messageOf(error)}\n${framesOf(error)}`;
  write(`A log observer threw an error: ${text.trimEnd()}`);
}

/**
 * Makes a log of its own, for a reactor that is to keep its errors apart.
 *
 * @example
 * ```ts
 * import { createLog } from "@deferno/deferno";
 *
 * const log = createLog();
 * const texts: string[] = [];
 * const forget = log.addObserver((event) => texts.push(event.text));
 * log.msg("one");
 * forget();
 * log.msg("two");
 * console.assert(texts.join() === "one");
 * ```
 */
export function createLog(): Log {
  const observers = new Set<LogObserver>();
  /** Those that are being told something further down the stack. */
  const busy = new Set<LogObserver>();

  function tellObserver(observer: LogObserver, event: LogEvent): void {
    busy.add(observer);
    try {
      const returned: unknown = observer(event);
      if (isThenable(returned)) {
        returned.then(undefined, writeObserverError);
      }
    } catch (error) {
      writeObserverError(error);
    } finally {
      busy.delete(observer);
    }
  }

  function tell(event: LogEvent): void {
    const free = [...observers].filter((observer) => !busy.has(observer));
    if (free.length === 0) return writeToStderr(event);
    for (const observer of free) tellObserver(observer, event);
  }

  return {
    msg: (text) => tell({ level: "info", text }),
    err: (failure, why = "Unhandled error") =>
      tell({ level: "error", text: why, failure }),
    addObserver(observer) {
      // A function of its own for each call, so that an observer added twice
      // is told twice and taken away one at a time.
      const own: LogObserver = (event) => observer(event);
      observers.add(own);
      return () => void observers.delete(own);
    },
  };
}

/**
 * The log that everything uses which was not handed another: Twisted's
 * `twisted.python.log`.
 *
 * @example
 * ```ts
 * import { fail, log } from "@deferno/deferno";
 *
 * const forget = log.addObserver(({ text, failure }) => {
 *   console.assert(text === "No poem today.");
 *   console.assert(failure?.getErrorMessage() === "the ink ran out");
 * });
 * fail(new Error("the ink ran out")).addErrback(log.err, "No poem today.");
 * forget();
 * ```
 */
export const log: Log = createLog();
