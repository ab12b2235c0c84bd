/** The end of a stream, or what a buffer begins with. */
export const EMPTY: Uint8Array<ArrayBuffer> = new Uint8Array(0);

/** For events that nobody needs, errors reported elsewhere. */
export function noop(): void {}
