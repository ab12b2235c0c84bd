/**
 * What pictures are made of: boxes, texts and arrows as SVG, light and dark. A picture
 * that is embedded as an image follows the reader's colour scheme by itself.
 *
 * @module
 */

/** A colour for light surroundings, and the same for dark ones. */
type Colour = readonly [light: string, dark: string];

const INK: Colour = ["#1f2328", "#f0f6fc"];
const MUTED: Colour = ["#59636e", "#9198a1"];
const PAPER: Colour = ["#ffffff", "#0d1117"];
const LINE: Colour = ["#818b98", "#656c76"];
const GREEN: Colour = ["#1a7f37", "#3fb950"];
const RED: Colour = ["#cf222e", "#f85149"];
const BLUE: Colour = ["#0969da", "#4493f8"];
const ORANGE: Colour = ["#bc4c00", "#f0883e"];
const PALE_GREEN: Colour = ["#dafbe1", "#12351d"];
const PALE_RED: Colour = ["#ffebe9", "#46181a"];
const PALE_BLUE: Colour = ["#ddf4ff", "#12283f"];
const PALE_ORANGE: Colour = ["#fff1e5", "#3d2411"];
const PALE_GREY: Colour = ["#eff2f5", "#212830"];

const MONOSPACE = "13px ui-monospace, Menlo, Consolas, monospace";
const SANS_SERIF = "13px ui-sans-serif, system-ui, sans-serif";

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
  ["text.returned", { "fill": GREEN }],
  ["text.thrown", { "fill": RED }],
  ["text.middle", { "text-anchor": "middle" }],
  ["text.end", { "text-anchor": "end" }],
  ["rect", { "fill": PAPER }],
  ["path", { "fill": "none" }],
  ["circle", { "fill": PAPER }],
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
  ["path.dashed", { "stroke-dasharray": "5 4" }],
  ["path.way", { "stroke-width": "4", "stroke-linecap": "round" }],
  ["path.tip", { "stroke": "none" }],
  ["path.plain.tip", { "fill": LINE }],
  ["path.library.tip", { "fill": LINE }],
  ["path.callback.tip", { "fill": GREEN }],
  ["path.errback.tip", { "fill": RED }],
  ["path.ours.tip", { "fill": BLUE }],
];

/** Where something stands, in pixels from the top left. */
export interface Point {
  x: number;
  y: number;
}

/** A place for something, in pixels. */
export interface Area extends Point {
  width: number;
  height: number;
}

/** What the kinds of text need, so that none is wider than what it stands in. */
const CHARACTER_WIDTH = { monospace: 7.83, sansSerif: 7.2 };

/** From the middle of a line of text to its baseline. */
const BASELINE = 4;

/**
 * Puts a picture together.
 *
 * @param title what it shows, for those who cannot see it
 */
export function drawSVG(
  { width, height, title }: { width: number; height: number; title: string },
  elements: string[],
): string {
  return [
    `<svg`,
    `  xmlns="http://www.w3.org/2000/svg"`,
    `  width="${width}"`,
    `  height="${height}"`,
    `  viewBox="0 0 ${width} ${height}"`,
    `>`,
    `  <title>${escape(title)}</title>`,
    ...drawStyle(elements.join("\n")),
    `  <rect width="${width}" height="${height}" rx="8" />`,
    ...elements.map((element) => `  ${element}`),
    "</svg>",
    "",
  ].join("\n");
}

/**
 * A line of text at the middle of its height.
 *
 * @param kind its classes, such as `note middle`
 */
export function drawText(content: string, { x, y }: Point, kind = ""): string {
  const classes = kind === "" ? "" : ` class="${kind}"`;
  const at = `x="${round(x)}" y="${round(y + BASELINE)}"`;
  return `<text${classes} ${at}>${escape(content)}</text>`;
}

/** A text that interrupts the lines below it. */
export function drawOnLine(content: string, at: Point, kind = ""): string[] {
  const width = widthOf(content, kind) + 8;
  const before = /\bmiddle\b/.test(kind)
    ? width / 2
    : /\bend\b/.test(kind)
    ? width - 4
    : 4;
  const area = { x: at.x - before, y: at.y - 10, width, height: 20 };
  return [drawBox(area, "paper"), drawText(content, at, kind)];
}

/** How wide a text is at most, in pixels. */
export function widthOf(content: string, kind = ""): number {
  const isSansSerif = /\b(note|label)\b/.test(kind);
  return content.length *
    (isSansSerif ? CHARACTER_WIDTH.sansSerif : CHARACTER_WIDTH.monospace);
}

/** An empty box. */
export function drawBox({ x, y, width, height }: Area, kind: string): string {
  const at = `x="${round(x)}" y="${round(y)}"`;
  const size = `width="${round(width)}" height="${round(height)}" rx="5"`;
  return `<rect class="${kind}" ${at} ${size} />`;
}

/**
 * A box with one line of text in its middle.
 *
 * @throws {RangeError} if the text is wider than the box
 */
export function drawLabelledBox(
  area: Area,
  { content, box, text = "" }: { content: string; box: string; text?: string },
): string[] {
  if (widthOf(content, text) > area.width - 8) {
    throw new RangeError(
      `A box of ${area.width} pixels is too narrow for "${content}"`,
    );
  }
  const middle = {
    x: area.x + area.width / 2,
    y: area.y + area.height / 2,
  };
  return [
    drawBox(area, box),
    drawText(content, middle, `${text} middle`.trimStart()),
  ];
}

/** A line through some points. */
export function drawLine(points: Point[], kind: string): string {
  return drawPath(through(points), kind);
}

/** A line of any shape. */
export function drawPath(shape: string, kind: string): string {
  return `<path class="${kind}" d="${shape}" />`;
}

/** A line through some points, with a tip at the last one. */
export function drawArrow(points: Point[], kind: string): string[] {
  const [before, end] = points.slice(-2);
  if (before === undefined || end === undefined) {
    throw new RangeError(`An arrow needs two points, got ${points.length}`);
  }
  const shorter = [...points.slice(0, -1), towards(end, before, TIP - 1)];
  return [drawLine(shorter, kind), drawTip(before, end, kind)];
}

/** A curve that leaves and arrives in straight directions, with a tip at its end. */
export function drawCurve(
  { from, out, into, to }: { from: Point; out: Point; into: Point; to: Point },
  kind: string,
): string[] {
  const end = towards(to, into, TIP - 1);
  const [a, b, c, d] = [from, out, into, end].map(coordinates);
  return [drawPath(`M${a} C${b} ${c} ${d}`, kind), drawTip(into, to, kind)];
}

const TIP = 8;

/** The tip of an arrow that comes from somewhere. */
export function drawTip(from: Point, { x, y }: Point, kind: string): string {
  const angle = Math.atan2(y - from.y, x - from.x);
  const [along, across] = [Math.cos(angle), Math.sin(angle)];
  const corner = (side: number) => ({
    x: x - TIP * along - side * across * 5,
    y: y - TIP * across + side * along * 5,
  });
  const corners = [{ x, y }, corner(1), corner(-1)];
  const colour = kind.replace(/\b(way|dashed)\b/g, "").trim();
  return drawPath(`${through(corners)} z`, `${colour} tip`);
}

function towards(from: Point, to: Point, length: number): Point {
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  return {
    x: from.x + (to.x - from.x) * length / distance,
    y: from.y + (to.y - from.y) * length / distance,
  };
}

function through(points: Point[]): string {
  return `M${points.map(coordinates).join(" L")}`;
}

function coordinates({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}

/** The rules that a picture needs. Formatted as `deno fmt` does. */
function drawStyle(picture: string): string[] {
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

/** What stands for itself in XML, and nothing that may not stand in it at all. */
function escape(content: string): string {
  return content
    // deno-lint-ignore no-control-regex -- these are what XML does not allow
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
