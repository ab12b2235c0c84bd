// What there is to check in a page of docs/: its commands, and what it says
// they print.

/** A command, and what the page shows below it. */
export interface Example {
  command: string;
  /** What the page shows; missing where it shows nothing. */
  shown?: string;
}

/** The commands of a page, in order. */
export function examplesOf(markdown: string): Example[] {
  const examples: Example[] = [];
  for (const [, language, content = ""] of fencedBlocks(markdown)) {
    if (language === "sh") {
      const commands = content.trimEnd().split("\n");
      examples.push(...commands.map((command) => ({ command })));
    } else if (language === "text") {
      const last = examples.at(-1);
      if (last === undefined || last.shown !== undefined) {
        throw new Error(`This is shown without a command:\n${content}`);
      }
      last.shown = content;
    }
  }
  return examples;
}

/** Where a page links to within the project. */
export function linksOf(markdown: string): string[] {
  const links = [...markdown.matchAll(/\]\(([^)]+)\)/g)];
  return links.map(([, link = ""]) => link)
    .filter((link) => !link.includes("://"));
}

const ROOT = new URL("../../", import.meta.url).href;

/**
 * Makes the same of all that is different each time: times, pictures of time, and of a
 * stack where the project lies, lines and columns. Names and files of frames stay.
 */
export function mask(text: string): string {
  return text
    .replaceAll(ROOT, "file:///deferno/")
    .replace(/^( +at .*?)(:\d+:\d+)(\)?)$/gm, "$1$3")
    .replace(/\d+:\d\d:\d\d\.\d{6}/g, "TIME")
    .replace(/\d+(\.\d+)? (ms|s)\b/g, "TIME")
    .replace(/^(Task \d) [ █░]*$/gm, "$1 PICTURE")
    .replace(/ +TIME/g, " TIME")
    .replace(/ +$/gm, "")
    .replace(/\n+$/, "\n");
}

/** Whether a program printed what a page shows, where `…` stands for anything. */
export function isShown(printed: string, shown: string): boolean {
  // A line of its own that is left out may be many lines, or none; within a stack
  // these are frames.
  const pattern = mask(shown).replace(/^…\n/gm, "\0")
    .replace(/^ +…\n/gm, "\uE000").split(/([\0\uE000…])/)
    .map((part) => {
      if (part === "\0") return "(?:.*\n)*?";
      if (part === "\uE000") return "(?: +at .*\n)*";
      return part === "…" ? ".*" : RegExp.escape(part);
    });
  return new RegExp(`^${pattern.join("")}$`).test(mask(printed));
}

/** Lines of a stack, with those that a page leaves out. */
const FRAMES = /^(?: +(?:at .*|…)\n)+/gm;

/**
 * What a page shows, with the frames that were printed. As before, each stack ends with
 * the same frame, or after as many, where it does not show all.
 */
export function withFrames(shown: string, printed: string): string {
  const stacks = [...printed.matchAll(/^(.*)\n((?: +at .*\n)+)/gm)];
  return shown.replace(FRAMES, (old, offset: number) => {
    const heading = shown.slice(0, offset).trimEnd().split("\n").at(-1) ?? "";
    const stack = stacks.find(([, line = ""]) => mask(line) === mask(heading));
    if (stack === undefined) return old;
    const lines =
      stack[2]?.replaceAll(ROOT, "file:///deferno/").split(/(?<=\n)/) ?? [];
    if (!old.endsWith("…\n")) return lines.join("");
    const kept = old.split(/(?<=\n)/).slice(0, -1);
    const last = mask(kept.at(-1) ?? "");
    const found = lines.findLastIndex((line) => mask(line) === last);
    const count = found < 0 ? kept.length : found + 1;
    if (count >= lines.length) return lines.join("");
    return `${lines.slice(0, count).join("")}    …\n`;
  });
}

/** The fenced blocks of a page: the whole of each, its language, and what it holds. */
export function fencedBlocks(markdown: string): RegExpExecArray[] {
  return [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
}
