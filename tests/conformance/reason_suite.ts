import type { Suite } from "./conformance.ts";
/** Defines the tests. */
export function reasonSuite(_suite: Suite): void {}
