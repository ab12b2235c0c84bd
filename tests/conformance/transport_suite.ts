import type { Suite } from "./conformance.ts";
/** Defines the tests. */
export function transportSuite(_suite: Suite): void {}
