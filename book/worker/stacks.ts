/**
 * Stacks in the words of the checkout.
 *
 * @module
 */

import type { Frame } from "./messages.ts";

const MOST_FRAMES = 60;

/** The library's files that are there for instruments. */
const WATCHES = /^(defer\/(noter|record)|reactor\/loop\/instruments)\.ts:/;

/**
 * The paths that stand in the place of the site's addresses: `…/checkout/defer/log.js`
 * is `defer/log.ts`. The lines are the same, since types are only blanked out.
 */
export class StackReader {
  #root: string;
  #program: string;
  /** Addresses of edited programs, which have no file. */
  #edited = new Set<string>();

  constructor(root: string, program: string) {
    this.#root = root;
    this.#program = program;
  }

  /** Takes what is at an address for the program. */
  addEdited(url: string): void {
    this.#edited.add(url);
  }

  /** A text with stacks in it, as a terminal would show it. */
  translate(text: string): string {
    for (const url of this.#edited) text = text.replaceAll(url, this.#program);
    return text.replaceAll(this.#root, "")
      .replace(/((?:^|[\s(])[\w./-]+?)(?:\.main)?\.js(?=:\d+:\d+)/g, "$1.ts");
  }

  /**
   * Who has called the caller, innermost first: all of it, without what only watches.
   */
  here(): Frame[] {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = MOST_FRAMES;
    const { stack } = new Error();
    Error.stackTraceLimit = stackTraceLimit;
    return this.frames(stack).filter(({ place }) => !WATCHES.test(place));
  }

  /** The frames of a stack, without those of the page's own files. */
  frames(stack: string | undefined): Frame[] {
    return this.translate(stack ?? "").split("\n").flatMap((line) => {
      const match = /^\s*at (?:async )?(?:(.*?) \()?([\w./-]+\.ts:\d+:\d+)\)?$/
        .exec(line);
      if (match === null) return [];
      const [, name = "(anonymous)", place = ""] = match;
      return place.startsWith("book/") ? [] : [{ name, place }];
    });
  }
}
