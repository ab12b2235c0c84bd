/**
 * Colours for code, given while the pages are built.
 *
 * @module
 */

import highlighter from "npm:highlight.js@11.12.0/lib/core";
import typescript from "npm:highlight.js@11.12.0/lib/languages/typescript";

highlighter.registerLanguage("ts", typescript);

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as HTML shows it. */
export function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

/** Code as HTML; of a language that is not known, without colours. */
export function highlight(code: string, language: string): string {
  if (highlighter.getLanguage(language) === undefined) return escape(code);
  return highlighter.highlight(code, { language }).value;
}

/** The same, line by line: what is open at the end of a line is opened anew. */
export function highlightLines(code: string, language: string): string[] {
  const open: string[] = [];
  return highlight(code, language).split("\n").map((line) => {
    const before = open.join("");
    for (const [tag] of line.matchAll(/<span[^>]*>|<\/span>/g)) {
      if (tag === "</span>") open.pop();
      else open.push(tag);
    }
    return `${before}${line}${"</span>".repeat(open.length)}`;
  });
}
