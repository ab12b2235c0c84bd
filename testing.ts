/**
 * For tests of programs: transports, reactors and connections in which nothing happens
 * unless the test says so.
 * @module
 */

export * from "./reactor/testing/mod.ts";
