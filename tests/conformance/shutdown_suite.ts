import type { Suite } from "./conformance.ts";
/** Defines the tests. */
export function shutdownSuite(_suite: Suite): void {}
