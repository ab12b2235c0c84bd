/**
 * The colours and lines of pictures, for light and for dark surroundings.
 *
 * @module
 */

/** A colour for light surroundings, and the same for dark ones. */
export type Colour = readonly [light: string, dark: string];

export const INK: Colour = ["#1f2328", "#f0f6fc"];
export const MUTED: Colour = ["#59636e", "#9198a1"];
export const PAPER: Colour = ["#ffffff", "#0d1117"];
export const LINE: Colour = ["#818b98", "#656c76"];
export const GREEN: Colour = ["#1a7f37", "#3fb950"];
export const RED: Colour = ["#cf222e", "#f85149"];
export const BLUE: Colour = ["#0969da", "#4493f8"];
export const ORANGE: Colour = ["#bc4c00", "#f0883e"];
export const PALE_GREEN: Colour = ["#dafbe1", "#12351d"];
export const PALE_RED: Colour = ["#ffebe9", "#46181a"];
export const PALE_BLUE: Colour = ["#ddf4ff", "#12283f"];
export const PALE_ORANGE: Colour = ["#fff1e5", "#3d2411"];
export const PALE_GREY: Colour = ["#eff2f5", "#212830"];

export const MONOSPACE = "13px ui-monospace, Menlo, Consolas, monospace";
export const SANS_SERIF = "13px ui-sans-serif, system-ui, sans-serif";

type Declarations = Readonly<Record<string, string | Colour>>;

/**
 * The rules of all pictures, weakest first. A picture takes those whose classes it has. A
 * class that boxes and lines share colours the stroke of both.
 */
const RULES: readonly (readonly [selector: string, Declarations])[] = [
  ["text", { "font": MONOSPACE, "fill": INK }],
  ["text.idle", { "fill": MUTED }],
  ["text.note", { "font": SANS_SERIF, "fill": MUTED }],
  ["text.label", { "font": SANS_SERIF }],
  ["text.title", { "font-weight": "bold" }],
  ["text.thrown", { "fill": RED }],
  ["text.middle", { "text-anchor": "middle" }],
  ["text.end", { "text-anchor": "end" }],
  ["rect", { "fill": PAPER }],
  ["path", { "fill": "none" }],
  ["circle.number", { "fill": PAPER }],
  [".plain", { "stroke": LINE }],
  [".callback", { "stroke": GREEN }],
  [".errback", { "stroke": RED }],
  [".ours", { "stroke": BLUE }],
  [".library", { "stroke": LINE }],
  [".task-1", { "stroke": BLUE }],
  [".task-2", { "stroke": GREEN }],
  [".task-3", { "stroke": ORANGE }],
  ["rect.callback.ran", { "fill": PALE_GREEN }],
  ["rect.errback.ran", { "fill": PALE_RED }],
  ["rect.ours", { "fill": PALE_BLUE }],
  ["rect.library", { "fill": PALE_GREY }],
  ["rect.task-1", { "fill": PALE_BLUE }],
  ["rect.task-2", { "fill": PALE_GREEN }],
  ["rect.task-3", { "fill": PALE_ORANGE }],
  ["rect.waits", { "fill": PAPER, "stroke-dasharray": "3 3" }],
  ["rect.now", {
    "fill": PALE_ORANGE,
    "stroke": ORANGE,
    "stroke-width": "3",
  }],
  ["path.dashed", { "stroke-dasharray": "5 4" }],
  ["path.way", { "stroke-width": "4", "stroke-linecap": "round" }],
  ["path.tip", { "stroke": "none" }],
  ["path.plain.tip", { "fill": LINE }],
  ["path.library.tip", { "fill": LINE }],
  ["path.callback.tip", { "fill": GREEN }],
  ["path.errback.tip", { "fill": RED }],
  ["path.ours.tip", { "fill": BLUE }],
];

/** The rules that a picture needs. Formatted as `deno fmt` does. */
export function drawStyle(picture: string): string[] {
  const used = new Set(
    [...picture.matchAll(/class="([^"]*)"/g)]
      .flatMap(([, names = ""]) => names.split(" ")),
  );
  const rules = RULES.filter(([selector]) =>
    selector.split(".").slice(1).every((name) => used.has(name))
  );
  const dark = rules.flatMap(([selector, declarations]) => {
    const colours = Object.entries(declarations)
      .filter(([, value]) => typeof value !== "string");
    if (colours.length === 0) return [];
    return drawRule(selector, Object.fromEntries(colours), 1);
  });
  return [
    "  <style>",
    ...rules.flatMap(([selector, declarations]) =>
      drawRule(selector, declarations, 0)
    ),
    "  @media (prefers-color-scheme: dark) {",
    ...dark.map((line) => `  ${line}`),
    "  }",
    "  </style>",
  ];
}

function drawRule(
  selector: string,
  declarations: Declarations,
  scheme: 0 | 1,
): string[] {
  const lines = Object.entries(declarations).map(([property, value]) =>
    `    ${property}: ${typeof value === "string" ? value : value[scheme]};`
  );
  return [`  ${selector} {`, ...lines, "  }"];
}
