/// <reference lib="dom" />
/**
 * The editor, and the compiler behind it: loaded when somebody edits.
 *
 * @module
 */

import { javascript } from "@codemirror/lang-javascript";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup, EditorView as CodeMirror } from "codemirror";
import { transform } from "sucrase";
import { BEGIN, SPECIFIER } from "./modules.ts";

/** A program in an editor. */
export interface EditorView {
  focus(): void;
  /**
   * The JavaScript of the program, whose imports lead into the checkout; `undefined` if
   * nothing was changed. A mistake is marked where it is.
   *
   * @throws {SyntaxError} if it is not TypeScript
   */
  compile(checkout: string): string | undefined;
}

/** What the parser says of a mistake. */
interface Position {
  readonly line: number;
  readonly column: number;
}

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, class: "hljs-keyword" },
  { tag: tags.comment, class: "hljs-comment" },
  { tag: [tags.string, tags.regexp], class: "hljs-string" },
  { tag: [tags.number, tags.bool, tags.null], class: "hljs-number" },
  { tag: [tags.typeName, tags.className], class: "hljs-title" },
]);

/** Puts an editor into an element. */
export function createEditor(
  host: HTMLElement,
  path: string,
  text: string,
  run: () => void,
): EditorView {
  const view = new CodeMirror({
    parent: host,
    doc: text,
    extensions: [
      keymap.of([{ key: "Mod-Enter", run: () => (run(), true) }]),
      basicSetup,
      javascript({ typescript: true }),
      syntaxHighlighting(COLOURS),
      CodeMirror.contentAttributes.of({ "aria-label": `The text of ${path}` }),
    ],
  });
  function mark(diagnostics: Diagnostic[]): void {
    view.dispatch(setDiagnostics(view.state, diagnostics));
  }
  return {
    focus: () => view.focus(),
    compile(checkout) {
      mark([]);
      const source = view.state.doc.toString();
      if (source === text) return undefined;
      try {
        return compiled(source, new URL(path, checkout).href);
      } catch (error) {
        const { line, column } = positionOf(error);
        const message = messageOf(error);
        const at = view.state.doc.line(Math.min(line, view.state.doc.lines));
        const from = Math.min(at.from + column - 1, at.to);
        const to = Math.min(from + 1, view.state.doc.length);
        mark([{ from, to, severity: "error", message }]);
        view.dispatch({
          selection: { anchor: from },
          effects: CodeMirror.scrollIntoView(from, { y: "center" }),
        });
        const place = `file:///deferno/${path}:${line}:${column}`;
        throw new SyntaxError(`${message} at ${place}`);
      }
    },
  };
}

/** Types are blanked out line by line, and imports lead to the files of the site. */
function compiled(source: string, url: string): string {
  const { code } = transform(source, {
    transforms: ["typescript"],
    disableESTransforms: true,
    keepUnusedImports: true,
  });
  const linked = code.replace(
    SPECIFIER,
    (_, before: string, quote: string, specifier: string) =>
      `${before}${quote}${addressOf(specifier, url)}${quote}`,
  );
  return `${BEGIN}${linked.replaceAll("import.meta.main", "true")}`;
}

function addressOf(specifier: string, url: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier.replace(/\.ts$/, ".js"), url).href;
}

function positionOf(error: unknown): Position {
  const place: Partial<Position> = typeof error === "object" && error !== null
    ? Reflect.get(error, "loc") ?? {}
    : {};
  return { line: place.line ?? 1, column: place.column ?? 1 };
}

/** Without the file that the parser calls it, and without the position at its end. */
function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^Error transforming [^:]*: /, "")
    .replace(/ \(\d+:\d+\)$/, "");
}
