/**
 * Lines and arrows as SVG.
 *
 * @module
 */

/** Where something stands, in pixels from the top left. */
export interface Point {
  x: number;
  y: number;
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

/** Down, across in the middle of the height, and down again, with a tip at the end. */
export function drawElbow(from: Point, to: Point, kind: string): string[] {
  if (from.x === to.x) return drawArrow([from, to], kind);
  const middle = (from.y + to.y) / 2;
  const across = to.x > from.x ? BEND : -BEND;
  const shape = [
    `M${coordinates(from)} V${round(middle - BEND)}`,
    `Q${round(from.x)} ${round(middle)} ${round(from.x + across)} ${
      round(middle)
    }`,
    `H${round(to.x - across)}`,
    `Q${round(to.x)} ${round(middle)} ${round(to.x)} ${round(middle + BEND)}`,
    `V${round(to.y - TIP + 1)}`,
  ];
  return [
    drawPath(shape.join(" "), kind),
    drawTip({ x: to.x, y: middle }, to, kind),
  ];
}

/** How far from its corner an elbow begins to turn. */
const BEND = 12;

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

/** To a tenth of a pixel. */
export function round(length: number): number {
  return Math.round(length * 10) / 10;
}
