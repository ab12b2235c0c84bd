/**
 * The page of the simulator, around what simulator.ts puts into it.
 *
 * @module
 */

/** The page's title. */
export const SIMULATOR_TITLE = "The deferred simulator";

/** The id of the element that the simulator goes into. */
export const SIMULATOR_ID = "simulator";

/** Chains worth a look: what they show, and their pairs. */
const EXAMPLES: readonly (readonly [string, readonly string[]])[] = [
  ["an errback that recovers", ["fail ink passthru", "passthru return saved"]],
  [
    "an errback beside the callback that fails, which is too early",
    ["fail ink return saved"],
  ],
  [
    "from side to side",
    [
      "fail googly passthru",
      "return a return fixed",
      "passthru fail again",
      "passthru passthru",
    ],
  ],
];

/**
 * The text of the page.
 *
 * @param part9 the address of Part 9, which explains the simulator
 */
export function simulatorHTML(part9: string): string {
  const links = EXAMPLES.map(([name, pairs]) => {
    const address = new URLSearchParams(pairs.map((pair) => ["pair", pair]));
    return `<li><a href="#${
      `${address}`.replaceAll("&", "&amp;")
    }">${name}</a></li>`;
  });
  return `<h1>${SIMULATOR_TITLE}</h1>
<p>Say what each callback and errback of a chain does, and see which way a result and a
failure take through it. It is a real deferred that is fired.
<a href="${part9}">Part 9</a> explains the drawing, and runs the same in a terminal.</p>
<div id="${SIMULATOR_ID}"><noscript><p>The simulator needs JavaScript.</p></noscript></div>
<h2>To begin with</h2>
<ul>
${links.join("\n")}
</ul>
<script type="module" src="simulator.js"></script>`;
}
