/**
 * The ways to look at a program, and with which one to begin.
 *
 * @module
 */

/** What there is to look at. */
export type View = "Deferreds" | "Loop" | "Stack" | "Time line";

/** In the order of the tabs. */
export const VIEWS: readonly View[] = [
  "Deferreds",
  "Loop",
  "Stack",
  "Time line",
];

/** Where to begin, by the path in the checkout: the first that fits. */
const FIRST: readonly (readonly [RegExp, View])[] = [
  [/stack|^server\/slowpoetry\.ts|models|part-2-1/, "Stack"],
  [/blocking|async|broken|block|\/late\.|countdown/, "Time line"],
  [/^clients\/get-poetry-[1-3]/, "Time line"],
  [/^clients\/|defer|failure|later\/get-poetry/, "Deferreds"],
];

/** With what to begin. */
export function viewFor({ path }: { path: string }): View {
  return FIRST.find(([pattern]) => pattern.test(path))?.[1] ?? "Loop";
}
