// The errors that web streams of connections have ended with. The protocols get
// the same errors, so they are not logged again where the code that uses the
// streams rejects with them.

const reported = new WeakSet<object>();

export function markReported(error: unknown): void {
  if (typeof error === "object" && error !== null) reported.add(error);
}

export function isReported(error: unknown): boolean {
  return typeof error === "object" && error !== null && reported.has(error);
}
