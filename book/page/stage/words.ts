/**
 * What happens, in a few words.
 *
 * @module
 */

import type { Call, Loop } from "./loop.ts";
import type { Poem } from "./poems.ts";

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

/** What has become of a poem, in a few words. */
export function describePoem(poem: Poem): string {
  const { state, took = 0, share, serverEnded } = poem;
  const percent = `${Math.floor(share * 100)} %`;
  switch (state) {
    case "waiting":
      return serverEnded ? "the server was ended" : "not connected yet";
    case "connected":
      return share === 0
        ? `connected, nothing yet, ${showSeconds(took)}`
        : `${percent} in ${showSeconds(took)}`;
    case "complete":
      return `complete after ${showSeconds(took)}`;
    case "cut":
      return `cut off at ${percent}, after ${showSeconds(took)}`;
  }
}

/** What the loop does, in a sentence. */
export function describeLoop({ state, turns, current }: Loop): string {
  if (turns === 0) return "No loop has run yet.";
  const doing = state === "asleep"
    ? "it waits"
    : current
    ? `it is in a call: ${describeCall(current)}`
    : "it calls";
  return `Turn ${turns}: ${doing}.`;
}

/** `PoetryProtocol, doRead: 30 bytes from 10000`. */
export function describeCall({ kind, name, port, bytes }: Call): string {
  const whose = name === "" ? kind : `${name}, ${kind}`;
  if (port === undefined) return whose;
  return bytes > 0
    ? `${whose}: ${bytes} bytes from ${port}`
    : `${whose}: ${port}`;
}
