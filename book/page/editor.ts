/// <reference lib="dom" />
/**
 * The editor, and the compiler behind it: loaded when somebody edits.
 *
 * @module
 */

import { javascript } from "npm:@codemirror/lang-javascript@6.2.5";
import {
  HighlightStyle,
  syntaxHighlighting,
} from "npm:@codemirror/language@6.13.1";
import { type Diagnostic, setDiagnostics } from "npm:@codemirror/lint@6.9.8";
import { keymap } from "npm:@codemirror/view@6.43.15";
import { tags } from "npm:@lezer/highlight@1.2.5";
import { basicSetup, EditorView as CodeMirror } from "npm:codemirror@6.0.2";
import { transform } from "npm:sucrase@3.35.1";
import type { Mistake } from "./mistakes.ts";
import { BEGIN, SPECIFIER } from "./modules.ts";
import { siteUrl } from "./site.ts";

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
  /**
   * What is wrong with the compiled program, which the engine has not taken for this
   * reason. Where that is in the text, it is marked there.
   */
  explain(checkout: string, reason: string): Promise<string>;
}

/** A compiled program. */
interface Compiled {
  readonly code: string;
  /** Its source map, in JSON. */
  readonly map: string;
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
  let compiled: Compiled | undefined;

  /** Marks a mistake, and goes there; returns it with its place. */
  function mark({ message, line, column }: Mistake): string {
    const { doc } = view.state;
    const at = doc.line(Math.min(line, doc.lines));
    const from = Math.min(at.from + column - 1, at.to);
    const to = Math.min(from + 1, doc.length);
    const diagnostic: Diagnostic = { from, to, severity: "error", message };
    view.dispatch(setDiagnostics(view.state, [diagnostic]), {
      selection: { anchor: from },
      effects: CodeMirror.scrollIntoView(from, { y: "center" }),
    });
    return `${message} at file:///deferno/${path}:${line}:${column}`;
  }

  return {
    focus: () => view.focus(),
    compile(checkout) {
      view.dispatch(setDiagnostics(view.state, []));
      const source = view.state.doc.toString();
      if (source === text) return undefined;
      try {
        compiled = withoutTypes(source, path);
      } catch (error) {
        throw new SyntaxError(mark(mistakeOf(error)));
      }
      return linked(compiled.code, new URL(path, checkout).href);
    },
    async explain(checkout, reason) {
      if (compiled === undefined) return reason;
      const module: typeof import("./mistakes.ts") = await import(
        siteUrl("mistakes.js")
      );
      const url = new URL(path, checkout).href;
      const mistake = await module.findMistake({
        ...compiled,
        reason,
        exists: (specifier) => isModule(specifier, url),
      });
      return mistake === undefined ? reason : mark(mistake);
    },
  };
}

/** Types are blanked out line by line. */
function withoutTypes(source: string, path: string): Compiled {
  const { code, sourceMap } = transform(source, {
    transforms: ["typescript"],
    disableESTransforms: true,
    keepUnusedImports: true,
    filePath: path,
    sourceMapOptions: { compiledFilename: path },
  });
  return { code, map: JSON.stringify(sourceMap) };
}

/** A main module, whose imports lead to the files of the site. */
function linked(code: string, url: string): string {
  const text = code.replace(
    SPECIFIER,
    (_, before: string, quote: string, specifier: string) =>
      `${before}${quote}${addressOf(specifier, url)}${quote}`,
  );
  const main = text.replaceAll("import.meta.main", "true")
    .replaceAll("import.meta.url", JSON.stringify(url));
  return `${BEGIN}${main}`;
}

async function isModule(specifier: string, url: string): Promise<boolean> {
  if (!specifier.startsWith(".")) return false;
  const { ok } = await fetch(addressOf(specifier, url), { method: "HEAD" });
  return ok;
}

function addressOf(specifier: string, url: string): string {
  if (!specifier.startsWith(".")) return specifier;
  return new URL(specifier.replace(/\.ts$/, ".js"), url).href;
}

/** What the compiler says: without its name for the file, and the place at its end. */
function mistakeOf(error: unknown): Mistake {
  const place: Partial<Mistake> = typeof error === "object" && error !== null
    ? Reflect.get(error, "loc") ?? {}
    : {};
  const text = error instanceof Error ? error.message : String(error);
  const message = text.replace(/^Error transforming [^:]*: /, "")
    .replace(/ \(\d+:\d+\)$/, "");
  return { message, line: place.line ?? 1, column: place.column ?? 1 };
}
