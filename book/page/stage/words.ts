/**
 * Times and lengths, for people.
 *
 * @module
 */

/** `3.4 s`, and below a tenth of a second `3 ms`. */
export function showSeconds(seconds: number): string {
  if (seconds >= 0.1) return `${seconds.toFixed(1)} s`;
  const ms = seconds * 1000;
  return ms >= 10 || ms === 0 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}

/** No longer than so many characters. */
export function shorten(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most
    ? text
    : `${characters.slice(0, most - 1).join("")}…`;
}
