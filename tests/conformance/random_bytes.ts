// The bytes that the sides of a random program send: what stands where is
// known, so that whoever receives them sees what is missing, twice there, or
// out of order.

/** A prime, so that no block of a usual size begins with the same bytes again. */
const PERIOD = 65_521;

/** The most that is asked for at once. */
const MOST = 2_000_000;

let pattern: Uint8Array | undefined;

function patternBytes(): Uint8Array {
  if (pattern !== undefined) return pattern;
  pattern = new Uint8Array(PERIOD + MOST);
  for (const index of pattern.keys()) {
    const place = index % PERIOD;
    pattern[index] = (place * 31) ^ (place >>> 8);
  }
  return pattern;
}

/**
 * Those of a stream.
 *
 * @param offset where in the stream they begin
 * @param size how many they are
 */
export function bytesAt(offset: number, size: number): Uint8Array {
  const start = offset % PERIOD;
  return patternBytes().subarray(start, start + size);
}

/** Whether bytes are those that stand at this place of a stream. */
export function standAt(offset: number, bytes: Uint8Array): boolean {
  const expected = bytesAt(offset, bytes.length);
  return bytes.every((byte, index) => byte === expected[index]);
}
