/**
 * The assertions of the Deno standard library, as npm has them, with types.
 *
 * @module
 */

// @ts-types="./std_assert.d.ts"
export * from "npm:deno-std@1.4.0/assert/mod.js";
