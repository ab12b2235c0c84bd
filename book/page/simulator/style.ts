/**
 * How the simulator looks.
 *
 * @module
 */

import { colourStyle, CONTROLS } from "../stage/style.ts";

/** The rules of the simulator. */
export const SIMULATOR_STYLE = `
${colourStyle(":host")}
${CONTROLS}
:host {
  display: block;
  color: var(--ink);
  font: 1rem/1.5 ui-sans-serif, system-ui, sans-serif;
}
h2 { font-size: 1rem; margin: 1.25rem 0 0.4rem; }
summary { font-weight: bold; padding: 0.4rem 0; cursor: pointer; }
.sides { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: end; }
fieldset {
  min-width: 0;
  margin: 0;
  border: 1px solid var(--line);
  border-radius: 8px;
  padding: 0.3rem 0.9rem 0.6rem;
  display: flex;
  flex-wrap: wrap;
  gap: 0.3rem 1rem;
  align-items: center;
}
fieldset.callback { border-color: var(--green); }
fieldset.errback { border-color: var(--red); }
label { display: inline-flex; gap: 0.35rem; align-items: center; min-height: 2rem; }
input[type="radio"] { width: 1.5rem; height: 1.5rem; margin: 0; }
input[type="text"] {
  background: var(--paper);
  border: 1px solid var(--line);
  border-radius: 6px;
  padding: 0.2em 0.5em;
  min-width: 0;
}
input[type="text"]:disabled { color: var(--muted); background: var(--pale-grey); }
.main { background: var(--pale-blue); border-color: var(--blue); }
.typed { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-top: 0.6rem; }
.typed label { flex-wrap: wrap; }
.error { color: var(--red); margin: 0.4rem 0 0; }
.pairs { margin: 0 0 0.75rem; padding-left: 1.6rem; }
.pairs li { margin-bottom: 0.3rem; }
.buttons { display: flex; flex-wrap: wrap; gap: 0.5rem; margin: 0.75rem 0; }
[role="status"] { min-height: 1.5em; margin: 0; overflow-wrap: anywhere; }
code, pre { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 0.85rem; }
pre {
  margin: 0;
  overflow-x: auto;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--paper);
  padding: 0.6rem 0.9rem;
  line-height: 1.25;
}
.picture { overflow-x: auto; }
`;
