/**
 * Which connections and ports keep the program alive.
 * @module
 */

/** A connection or a port of Deno's. */
export interface Refable {
  unref(): void;
}

let runningLoops = 0;

/** Those that were opened while a loop runs, and were not closed yet. */
const referenced = new Set<Refable>();

/**
 * A loop begins, which keeps the program alive. Meanwhile what is opened may do so too:
 * an unref'd connection costs a call into Deno's core for each read.
 * @returns called when the loop ends
 */
export function enterLoop(): () => void {
  runningLoops++;
  return () => {
    runningLoops--;
    if (runningLoops > 0) return;
    for (const opened of referenced) opened.unref();
    referenced.clear();
  };
}

/** Registers what was opened: it keeps the program alive only as long as a loop does. */
export function register(opened: Refable): void {
  if (runningLoops > 0) referenced.add(opened);
  else opened.unref();
}

/** Forgets what is being closed. */
export function unregister(opened: Refable): void {
  referenced.delete(opened);
}
