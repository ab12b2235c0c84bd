import type { Suite } from "./conformance.ts";
/** Defines the tests. */
export function portSuite(_suite: Suite): void {}
