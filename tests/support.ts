/**
 * What the tests share.
 *
 * @module
 */

export * from "./support/programs.ts";
export * from "./support/servers.ts";
