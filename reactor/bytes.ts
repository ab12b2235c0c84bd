// What exists once: no bytes, and nothing to do.

/** No bytes: the end of a stream, or what a buffer begins with. */
export const EMPTY: Uint8Array<ArrayBuffer> = new Uint8Array(0);

/** Does nothing: an event that nobody needs, an error that is reported elsewhere. */
export function noop(): void {}
