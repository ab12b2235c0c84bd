/**
 * Elapsed times.
 *
 * @module
 */

/** Formats a time as `H:MM:SS.ffffff`. */
export function formatElapsed(milliseconds: number): string {
  const microseconds = Math.round(milliseconds * 1000);
  const seconds = Math.floor(microseconds / 1_000_000);
  const hours = Math.floor(seconds / 3600);
  const minutes = twoDigits(Math.floor(seconds / 60) % 60);
  const fraction = String(microseconds % 1_000_000).padStart(6, "0");
  return `${hours}:${minutes}:${twoDigits(seconds % 60)}.${fraction}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
