import type { Failure } from "./failure.ts";
import { writeToStderr } from "./host.ts";
import {
  classNameOf,
  framesOf,
  messageOf,
  readSafely,
  textOf,
} from "./text.ts";
import { isThenable } from "./checks.ts";

/**
 * An event of the log.
 * @category Log
 */
export interface LogEvent {
  /** From `msg`, or `err`. */
  readonly level: "info" | "error";
  /** The message, or why a failure is logged. */
  readonly text: string;
  /** From {@linkcode Log.err}. */
  readonly failure?: Failure | undefined;
}

/**
 * Gets every event. What it throws or rejects with is written to stderr.
 * @category Log
 */
export type LogObserver = (event: LogEvent) => void;

/**
 * Texts and failures, for observers. Needs no `this`: `d.addErrback(log.err)`.
 * @category Log
 */
export interface Log {
  /** Logs a text, dropped without an observer. */
  msg(text: string): void;
  /**
   * Logs a failure; to stderr without an observer.
   * @param why what was being done, or what it means
   */
  err(failure: Failure, why?: string): void;
  /**
   * Adds an observer. What it logs while called goes to the others, or errors to stderr.
   * @returns removes it
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
    // Closed, or a full disk.
  }
}

function writeObserverError(error: unknown): void {
  // To log it would call the observer again.
  const text = `${classNameOf(error)}: ${messageOf(error)}\n${framesOf(error)}`;
  write(`A log observer threw an error: ${text.trimEnd()}`);
}

/**
 * Makes a log apart, as for a reactor's errors.
 * @category Log
 */
export function createLog(): Log {
  const observers = new Set<LogObserver>();
  /** Called further down the stack. */
  const busy = new Set<LogObserver>();

  function notify(observer: LogObserver, event: LogEvent): void {
    busy.add(observer);
    try {
      const returned: unknown = observer(event);
      if (isThenable(returned)) {
        // As `await` does: a thenable may call either without a check.
        returned.then(() => {}, writeObserverError);
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
      // An observer added twice gets events twice, and is removed one at a time.
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
 * const forget = log.addObserver(({ text, failure }) =>
 *   console.assert(`${text} ${failure?.value}` === "No poem: Error: no ink")
 * );
 * fail(new Error("no ink")).addErrback(log.err, "No poem:");
 * forget();
 * ```
 * @category Log
 */
export const log: Log = createLog();
