/**
 * A page of docs/ as HTML.
 *
 * @module
 */

import { Marked, type Token, type Tokens } from "npm:marked@18.2.1";
import type { ProgramDescription } from "../page/description.ts";
import type { PageCommands } from "./commands.ts";
import { escape, highlight } from "./highlight.ts";

/** A heading of a page. */
export interface Heading {
  readonly depth: number;
  readonly id: string;
  /** As HTML. */
  readonly text: string;
}

/** What is written in figures cannot be read where they are narrower. */
const LEAST_WIDTH = "36rem";

/** A page, rendered. */
export interface Rendered {
  readonly title: string;
  readonly html: string;
  readonly headings: readonly Heading[];
  readonly programs: readonly ProgramDescription[];
}

/** What a page refers to. */
export interface References {
  /** The address, in the site, of what a page of docs/ links to. */
  link(href: string): string;
  /** The size of a picture of docs/, in pixels. */
  size(href: string): { width: number; height: number };
}

/** A command block with what the page says is printed. */
type Block = Token | {
  readonly type: "commands";
  readonly commands: readonly string[];
  readonly shown: string | undefined;
};

/** Renders Markdown. */
export function render(
  markdown: string,
  references: References,
  commands: PageCommands,
): Rendered {
  const headings: Heading[] = [];
  const programs: ProgramDescription[] = [];
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }) {
        const text = this.parser.parseInline(tokens);
        const id = slug(text, headings);
        headings.push({ depth, id, text });
        return `<h${depth} id="${id}"><a class="anchor" href="#${id}">${text}</a></h${depth}>\n`;
      },
      link({ href, tokens }) {
        const to = /^[a-z]+:/.test(href) || href.startsWith("#")
          ? href
          : references.link(href);
        return `<a href="${escape(to)}">${this.parser.parseInline(tokens)}</a>`;
      },
      image({ href, text }) {
        const { width, height } = references.size(href);
        return `<img src="${escape(references.link(href))}" alt="${
          escape(text)
        }" width="${width}" height="${height}" style="min-width:min(${width}px,${LEAST_WIDTH})" loading="lazy">`;
      },
      codespan({ text }) {
        return `<code>${unbroken(text)}</code>`;
      },
      code({ text, lang = "" }) {
        return codeBlock(text, lang);
      },
    },
  });
  const parts = pair(marked.lexer(markdown)).map((block) => {
    if (!isCommands(block)) return scrollable(marked.parser([block]));
    return commandBlock(block.commands, block.shown, commands, programs);
  });
  return {
    title: headings[0]?.text.replace(/<[^>]*>/g, "") ?? "",
    html: parts.join(""),
    headings,
    programs,
  };
}

/** Wide tables and figures scroll by themselves, and with the keyboard. */
function scrollable(html: string): string {
  const open = (kind: string, label: string) =>
    `<div class="${kind}" tabindex="0" role="group" aria-label="${label}">`;
  return html
    .replace(/<table>[^]*?<\/table>/g, `${open("wide", "Table")}$&</div>`)
    .replace(/<p>(<img [^>]*>)<\/p>/g, `${open("figure", "Figure")}$1</div>`);
}

function isCommands(block: Block): block is Exclude<Block, Token> {
  return block.type === "commands";
}

/** Puts what is shown to the commands that print it. */
function pair(tokens: readonly Token[]): Block[] {
  const blocks: Block[] = [];
  for (const token of tokens) {
    if (isCode(token, "sh")) {
      blocks.push({
        type: "commands",
        commands: token.text.split("\n"),
        shown: undefined,
      });
      continue;
    }
    const last = blocks.findLast(({ type }) => type !== "space");
    if (
      isCode(token, "text") && last !== undefined && isCommands(last) &&
      last.shown === undefined
    ) {
      blocks[blocks.lastIndexOf(last)] = { ...last, shown: token.text };
    } else blocks.push(token);
  }
  return blocks;
}

function isCode(token: Token, language: string): token is Tokens.Code {
  return token.type === "code" && "lang" in token && token["lang"] === language;
}

function codeBlock(text: string, language: string): string {
  return `<pre class="code" tabindex="0"><code>${
    highlight(text, language)
  }</code></pre>\n`;
}

/**
 * A player: each command, with the description of its program where it can run in a
 * page. Without scripts it is the text of the page.
 */
function commandBlock(
  commands: readonly string[],
  shown: string | undefined,
  page: PageCommands,
  programs: ProgramDescription[],
): string {
  const rows = commands.map((command) => {
    const { program, reason } = page.read(command, shown);
    if (program !== undefined) programs.push(program);
    const data = program === undefined
      ? ""
      : ` data-program="${escape(JSON.stringify(program))}"`;
    const note = reason === undefined
      ? ""
      : `<p class="outside">To be run in a terminal: ${reason}.</p>`;
    return `<div class="command"${data}><code>${
      unbroken(command)
    }</code></div>${note}`;
  });
  const output = shown === undefined
    ? ""
    : `<pre class="shown" tabindex="0"><samp>${escape(shown)}</samp></pre>`;
  return `<div class="player">${rows.join("")}${output}</div>\n`;
}

/** A text as HTML, whose options are not broken at their hyphens. */
function unbroken(text: string): string {
  return text.split(/((?<=^| )--?[\w-]+)/).map((part, i) =>
    i % 2 === 1 ? `<span class="word">${part}</span>` : escape(part)
  ).join("");
}

/** The name of a heading's anchor, as on GitHub. */
function slug(text: string, headings: readonly Heading[]): string {
  const base = text.replace(/<[^>]*>|&[#\w]+;/g, "").toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-");
  const same =
    headings.filter(({ id }) => id === base || id.startsWith(`${base}-`))
      .length;
  return same === 0 ? base : `${base}-${same}`;
}
