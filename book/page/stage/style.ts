/**
 * How the stage looks: the colours are those of the figures.
 *
 * @module
 */

import * as figures from "../../../examples/shared/svg_style.ts";

const COLOURS: Record<string, figures.Colour> = {
  ink: figures.INK,
  muted: figures.MUTED,
  paper: figures.PAPER,
  line: figures.LINE,
  green: figures.GREEN,
  red: figures.RED,
  blue: figures.BLUE,
  orange: figures.ORANGE,
  "pale-green": figures.PALE_GREEN,
  "pale-blue": figures.PALE_BLUE,
  "pale-orange": figures.PALE_ORANGE,
  "pale-grey": figures.PALE_GREY,
};

function colours(scheme: 0 | 1): string {
  return Object.entries(COLOURS)
    .map(([name, colour]) => `--${name}: ${colour[scheme]};`)
    .join(" ");
}

/** The colours of the figures as properties, for a selector. */
export function colourStyle(selector: string): string {
  return `${selector} { ${colours(0)} color-scheme: light; }
@media (prefers-color-scheme: dark) {
  ${selector} { ${colours(1)} color-scheme: dark; }
}`;
}

/** Buttons, and what else the stage and the simulator have in common. */
export const CONTROLS = `
* { box-sizing: border-box; }
button, input, select {
  font: inherit;
  color: inherit;
  accent-color: var(--blue);
}
button {
  background: var(--paper);
  border: 1px solid var(--line);
  border-radius: 6px;
  padding: 0.25em 0.7em;
  min-height: 2rem;
  cursor: pointer;
}
button:hover { background: var(--pale-grey); }
button[aria-pressed="true"] {
  background: var(--pale-blue);
  border-color: var(--blue);
}
:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
.unseen {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}
.muted { color: var(--muted); font-weight: normal; }
[hidden] { display: none !important; }
`;

/** The rules of the stage. */
export const STYLE = `
${colourStyle(":host")}
${CONTROLS}
:host {
  display: block;
  box-sizing: border-box;
  container-type: inline-size;
  color: var(--ink);
  font: 0.9rem/1.45 ui-sans-serif, system-ui, sans-serif;
}
h4 { margin: 0; font-size: inherit; }
p { margin: 0.5rem 0; }
ul, ol { margin: 0; padding: 0; list-style: none; }
code, pre { font-family: ui-monospace, Menlo, Consolas, monospace; }

.poems {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(11.5rem, 100%), 1fr));
  gap: 0.75rem;
  margin-bottom: 0.75rem;
}
@media (min-width: 1250px) {
  .poems { grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); }
}
.poem {
  display: grid;
  grid-template-rows: subgrid;
  grid-row: span 4;
  row-gap: 0;
  min-width: 0;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--paper);
  padding: 0.5rem 0.75rem;
}
.task-1 { --own: var(--blue); --pale: var(--pale-blue); }
.task-2 { --own: var(--green); --pale: var(--pale-green); }
.task-3 { --own: var(--orange); --pale: var(--pale-orange); }
.track {
  height: 6px;
  margin: 0.35rem 0;
  border-radius: 3px;
  background: var(--pale);
  overflow: hidden;
}
.bar { display: block; height: 100%; background: var(--own); }
.state { margin: 0; color: var(--muted); font-variant-numeric: tabular-nums; }
.poem pre {
  /* Whole lines, so that none is cut. */
  height: 9lh;
  margin: 0.4rem 0 0;
  overflow: auto;
  white-space: pre-wrap;
  font-size: 0.8rem;
  line-height: 1.4;
}

[role="tablist"] {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem;
  border-bottom: 1px solid var(--line);
}
[role="tab"] {
  border: 1px solid transparent;
  border-bottom: 0;
  border-radius: 6px 6px 0 0;
  background: none;
  color: var(--muted);
}
[role="tab"][aria-selected="true"] {
  border-color: var(--line);
  background: var(--paper);
  color: var(--ink);
  box-shadow: inset 0 3px var(--blue);
}
[role="tabpanel"] {
  border: 1px solid var(--line);
  border-top: 0;
  border-radius: 0 0 8px 8px;
  background: var(--paper);
  padding: 0.5rem 0.75rem;
  min-height: 14rem;
}
.parts { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; }
.way { flex: 1 1 18rem; min-width: 0; margin-top: 1rem; }
.way li {
  border-left: 4px solid var(--line);
  padding: 0.15rem 0 0.15rem 0.7rem;
  margin-bottom: 0.4rem;
  overflow-wrap: anywhere;
}
.way .callback { border-color: var(--green); }
.way .errback { border-color: var(--red); }
.way .later { visibility: hidden; }
.way code { font-size: 0.85em; }
.choices { display: flex; flex-wrap: wrap; gap: 0.4rem; }
.scrubber { display: flex; align-items: center; gap: 0.6rem; margin: 0.4rem 0; }
.scrubber input { flex: 1; min-width: 4rem; max-width: 20rem; }
.scrubber output { font-variant-numeric: tabular-nums; color: var(--muted); }

@container (max-width: 34rem) {
  .poem pre { height: 5lh; }
  [role="tab"] { padding: 0.25em 0.45em; }
}
table { border-collapse: collapse; width: 100%; margin: 0.75rem 0 0.25rem; }
caption { text-align: left; font-weight: bold; }
th, td { padding: 0.2rem 0.6rem 0.2rem 0; text-align: right; font-weight: normal; }
th:first-child { text-align: left; overflow-wrap: anywhere; }
thead th { color: var(--muted); border-bottom: 1px solid var(--line); }
td { font-variant-numeric: tabular-nums; white-space: nowrap; }

.picture { margin: 0.5rem 0; }
`;
