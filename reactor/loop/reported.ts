// The errors that connections' web streams have ended with. Protocols get the same, so
// they are not logged again where the streams' user rejects with them.

const reported = new WeakSet<object>();

export function markReported(error: unknown): void {
  if (typeof error === "object" && error !== null) reported.add(error);
}

export function isReported(error: unknown): boolean {
  return typeof error === "object" && error !== null && reported.has(error);
}
