/**
 * Bytes in pieces, the way a connection brings them.
 *
 * @module
 */

/** How many bytes the pieces have together. */
export function byteLength(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
