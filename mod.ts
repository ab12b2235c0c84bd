/**
 * Deferno: Twisted's asynchronous core for TypeScript.
 *
 * @module
 */

export * from "./defer/mod.ts";
export * from "./reactor/mod.ts";
