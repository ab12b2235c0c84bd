/** Of a runtime's, which keeps the program alive. */
export interface Refable {
  unref(): void;
}

let runningLoops = 0;

/** Opened while a loop runs, and not closed yet. */
const referenced = new Set<Refable>();

/**
 * A loop keeps the program alive, so what is opened may too: an unref'd connection costs
 * a call into Deno's core for each read.
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

export function register(opened: Refable): void {
  if (runningLoops > 0) referenced.add(opened);
  else opened.unref();
}

export function unregister(opened: Refable): void {
  referenced.delete(opened);
}
