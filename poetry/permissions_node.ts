/**
 * Permissions on Node: a program has them all.
 *
 * @module
 */

import type { SocketAddress } from "../cli/addresses.ts";

/** On Deno it throws where the program may not use the network there. */
export function requireNet(_address: SocketAddress): void {}

/** On Deno it throws where the program may not read the file. */
export function requireRead(_path: string): void {}
