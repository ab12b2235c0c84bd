// The log, which gets the errors that nobody has handled.

import type { Failure } from "./failure.ts";
import { writeToStderr } from "./host.ts";
import {
  classNameOf,
  framesOf,
  messageOf,
  readSafely,
  textOf,
} from "./text.ts";
import { isThenable } from "./thenable.ts";

/**
 * An event of the log.
 * @category Log
 */
export interface LogEvent {
  /** `"error"` from {@linkcode Log.err}, `"info"` from {@linkcode Log.msg}. */
  readonly level: "info" | "error";
  /** The message, or why the failure is logged. */
  readonly text: string;
  /** From {@linkcode Log.err}. */
  readonly failure?: Failure | undefined;
}

/**
 * Gets every event of a log. What an observer throws, or its promise is rejected with, is
 * written to stderr.
 * @category Log
 */
export type LogObserver = (event: LogEvent) => void;

/**
 * A log of texts and failures, for observers. Its functions need no `this`:
 * `d.addErrback(log.err)`.
 * @category Log
 */
export interface Log {
  /** Logs a text. Without an observer it is dropped. */
  msg(text: string): void;
  /**
   * Logs a failure. Without an observer it is written to stderr.
   * @param why what was being done, or what it means
   */
  err(failure: Failure, why?: string): void;
  /**
   * Adds an observer of every event from now on. What it logs while it is called goes to
   * the others; without others, errors are written to stderr.
   * @returns a function that removes the observer
   */
  addObserver(observer: LogObserver): () => void;
}

function writeErrors(event: LogEvent): void {
  if (event.level !== "error") return;
  const { text, failure } = event;
  const traceback = readSafely(
    () => failure?.getTraceback().trimEnd(),
    textOf(failure),
  );
  write([textOf(text), traceback].filter(Boolean).join("\n"));
}

function write(text: string): void {
  try {
    writeToStderr(text);
  } catch {
    // Closed, or on a full disk: there is nowhere else to write.
  }
}

function writeObserverError(error: unknown): void {
  // To log it would call the same observer again.
  const text = `${classNameOf(error)}: ${messageOf(error)}\n${framesOf(error)}`;
  write(`A log observer threw an error: ${text.trimEnd()}`);
}

/**
 * Makes a log, for a reactor that keeps its errors apart.
 * @category Log
 */
export function createLog(): Log {
  const observers = new Set<LogObserver>();
  /** Those being called further down the stack. */
  const busy = new Set<LogObserver>();

  function notify(observer: LogObserver, event: LogEvent): void {
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

  function emit(event: LogEvent): void {
    const free = [...observers].filter((observer) => !busy.has(observer));
    if (free.length === 0) return writeErrors(event);
    for (const observer of free) notify(observer, event);
  }

  return {
    msg: (text) => emit({ level: "info", text }),
    err: (failure, why = "Unhandled error") =>
      emit({ level: "error", text: why, failure }),
    addObserver(observer) {
      // A new function, so that an observer added twice gets events twice and is
      // removed one at a time.
      const own: LogObserver = (event) => observer(event);
      observers.add(own);
      return () => void observers.delete(own);
    },
  };
}

/**
 * The default log: Twisted's `twisted.python.log`.
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
 * @category Log
 */
export const log: Log = createLog();
