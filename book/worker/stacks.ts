/**
 * Stacks in the words of the checkout.
 *
 * @module
 */

import { LIBRARY, type Starts, STARTS_HOOK } from "../page/modules.ts";
import type { Frame } from "./messages.ts";

const MOST_FRAMES = 60;

/** So many frames at most are left out of a stack. */
const HIDDEN_FRAMES = 6;

/** The library's files that are there for instruments. */
const WATCHES = /^(defer\/debugging|reactor\/loop\/instruments)\.ts:/;

/** Where the pages have the checkout. */
const CHECKOUT = "file:///deferno/";

/** A line of the library's script. */
const IN_LIBRARY = new RegExp(
  `${CHECKOUT}${LIBRARY.replace(".", "\\.")}:(\\d+)`,
  "g",
);

/** A frame as V8 describes it: what its types leave out. */
interface CallSite {
  getFileName(): string | null;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  getFunctionName(): string | null;
  getMethodName(): string | null;
  getTypeName(): string | null;
  isAsync(): boolean;
  isConstructor(): boolean;
  isToplevel(): boolean;
  isNative(): boolean;
}

/** V8's hook for whoever wants to write stacks. */
type Prepare = (error: unknown, sites: readonly CallSite[]) => string;

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

  /** Has errors get stacks like Deno's, without what is there for the page alone. */
  install(): void {
    const prepare: Prepare = (error, sites) => {
      const places = sites.map((site) => this.#placeOf(site));
      const lines = sites.flatMap((site, i) => {
        const place = places[i];
        if (place === undefined) return [];
        // Who calls an instrument's method is there for it.
        const isWatched = i > 0 && places[i - 1] === undefined &&
          site.getFunctionName() === null;
        return isWatched ? [] : [`    at ${describe(site, place)}`];
      });
      const kept = lines.slice(0, Error.stackTraceLimit - HIDDEN_FRAMES);
      return [String(error), ...kept].join("\n");
    };
    Reflect.set(Error, "prepareStackTrace", prepare);
    Error.stackTraceLimit += HIDDEN_FRAMES;
  }

  /** A text with addresses in it, as a terminal would show it. */
  translate(text: string): string {
    for (const url of this.#edited) {
      text = text.replaceAll(url, `${CHECKOUT}${this.#program}`);
    }
    return text.replaceAll(this.#root, CHECKOUT)
      .replace(IN_LIBRARY, (_, line: string) => inFile(Number(line)))
      .replace(/as\/[\w.-]+\/(?=\S+\.js:\d)/g, "")
      .replace(/(\/[\w.-]+?)(?:\.main)?\.js(?=:\d+:\d+)/g, "$1.ts");
  }

  /**
   * Who has called the caller, innermost first: all of it, without what only watches.
   */
  here(): Frame[] {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = MOST_FRAMES;
    const { stack = "" } = new Error();
    Error.stackTraceLimit = stackTraceLimit;
    return this.translate(stack).split("\n").flatMap((line) => {
      const match = /^ +at (?:async )?(?:(.*?) \()?([^()\s]+:\d+:\d+)\)?$/
        .exec(line);
      if (match === null) return [];
      const [, name = "(anonymous)", at = ""] = match;
      const place = pathOf(at);
      return place === undefined ? [] : [{ name, place }];
    });
  }

  /** The place of a frame, unless it is the page's own or only watches. */
  #placeOf(site: CallSite): string | undefined {
    const file = this.translate(
      `${site.getFileName()}:${site.getLineNumber()}:${site.getColumnNumber()}`,
    );
    return pathOf(file) === undefined ? undefined : file;
  }
}

/** The file and the line that are at a line of the library's script. */
function inFile(line: number): string {
  const starts: Starts = Reflect.get(globalThis, STARTS_HOOK) ?? [];
  const [path, before] = starts.findLast(([, start]) => start < line) ??
    [LIBRARY, 0];
  return `${CHECKOUT}${path}:${line - before}`;
}

/** A place in the checkout, unless it is the page's own or only watches. */
function pathOf(place: string): string | undefined {
  if (!place.startsWith(CHECKOUT)) return undefined;
  const path = place.slice(CHECKOUT.length);
  return path.startsWith("book/") || WATCHES.test(path) ? undefined : path;
}

function describe(site: CallSite, place: string): string {
  const async = site.isAsync() ? "async " : "";
  const name = site.getFunctionName();
  if (name === null) return `${async}${place}`;
  if (site.isConstructor()) return `${async}new ${name} (${place})`;
  const type = site.isToplevel() ? null : site.getTypeName();
  const owner = type === null || name.startsWith(`${type}.`) ? "" : `${type}.`;
  const method = site.getMethodName();
  const as = type === null || method === null || name.endsWith(method)
    ? ""
    : ` [as ${method}]`;
  return `${async}${owner}${name}${as} (${place})`;
}
