/**
 * What there is to check in a page of docs/: its commands, and what it says they print.
 *
 * @module
 */

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

/** Makes the same of all that is different each time: times, frames, pictures of time. */
export function mask(text: string): string {
  return text
    .replace(/(^ +(at .*|…)$\n?)+/gm, "    FRAMES\n")
    .replace(/\d+:\d\d:\d\d\.\d{6}/g, "TIME")
    .replace(/\d+(\.\d+)? (ms|s)\b/g, "TIME")
    .replace(/^(Task \d) [ █░]*$/gm, "$1 PICTURE")
    .replace(/ +TIME/g, " TIME")
    .replace(/ +$/gm, "")
    .replace(/\n+$/, "\n");
}

/** Whether a program printed what a page shows, where `…` stands for anything. */
export function isShown(printed: string, shown: string): boolean {
  // A line of its own that is left out may be many lines, or none.
  const pattern = mask(shown).replace(/^…\n/gm, "\0").split(/([\0…])/)
    .map((part) => {
      if (part === "\0") return "(?:.*\n)*?";
      return part === "…" ? ".*" : RegExp.escape(part);
    });
  return new RegExp(`^${pattern.join("")}$`).test(mask(printed));
}

function fencedBlocks(markdown: string): RegExpExecArray[] {
  return [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)];
}
