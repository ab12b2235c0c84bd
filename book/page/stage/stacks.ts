/**
 * Who called whom, when something was printed or a stage of a deferred was called.
 *
 * @module
 */

import type { Event, Frame } from "../../worker/messages.ts";

/** Frames of one owner below each other, outermost first. */
export interface FrameGroup {
  readonly whose: "library" | "ours";
  readonly frames: readonly Frame[];
}

/** A stack, and why it was looked at. */
export interface Moment {
  /** In seconds. */
  readonly time: number;
  /** What was called last: `gotPoem`, `console.log`. */
  readonly what: string;
  readonly groups: readonly FrameGroup[];
}

/** More are not kept. */
const MOST_MOMENTS = 200;

/** What only stands between a program and its output. */
const PRINTS = /^cli\/exit\.ts:/;

/** Keeps the stacks that were seen. */
export class Stacks {
  moments: Moment[] = [];
  #hasBorders = false;

  /** Takes what has happened, whatever it is. */
  add(event: Event): void {
    if (event.what !== "stage" || event.passed) return;
    const name = event.name || "(anonymous)";
    this.#push(event.time, name, [{ name, place: "" }, ...event.stack]);
  }

  /** Takes the stack of something that was printed. */
  addOutput(time: number, stack: readonly Frame[]): void {
    const callers = stack.filter(({ place }) => !PRINTS.test(place));
    if (callers.length > 0) this.#push(time, "something was printed", callers);
  }

  #push(time: number, what: string, stack: readonly Frame[]): void {
    const groups = groupFrames(stack);
    // Among stacks in which the code changes hands, one that does not shows nothing.
    if (groups.length > 1) this.#hasBorders = true;
    else if (this.#hasBorders) return;
    this.moments.push({ time, what, groups });
    if (this.moments.length > MOST_MOMENTS) this.moments.shift();
  }
}

/** Puts frames in the order of the calls, and together by whose they are. */
export function groupFrames(innermostFirst: readonly Frame[]): FrameGroup[] {
  const groups: { whose: FrameGroup["whose"]; frames: Frame[] }[] = [];
  for (const frame of [...innermostFirst].reverse()) {
    const whose = /^(defer|reactor)\//.test(frame.place) ? "library" : "ours";
    const last = groups.at(-1);
    if (last?.whose === whose) last.frames.push(frame);
    else groups.push({ whose, frames: [frame] });
  }
  return groups;
}

/**
 * The frames of a group that are worth a box: what is private to the library, or has no
 * name there, says nothing to those who read a program.
 */
export function drawnFrames({ whose, frames }: FrameGroup): readonly Frame[] {
  if (whose === "ours") return frames;
  const known = frames.filter(({ name }) => !/#|^\(anonymous\)$/.test(name));
  return known.length > 0 ? known : frames.slice(0, 1);
}
