// The one reactor of a program that needs no more than one.

import { findBackend } from "./backends/runtime.ts";
import { checkBackend } from "./checks.ts";
import { ReactorAlreadyInstalledError } from "./errors.ts";
import type { Backend } from "./backend.ts";
import { Reactor } from "./reactor.ts";

let installed: Backend | undefined;

/** The installed backend, or the runtime's own from now on. */
export function defaultBackend(): Backend {
  return installed ??= findBackend();
}

/**
 * Chooses the backend of the default reactor, before its first use: the `install()`
 * of Twisted's reactor modules.
 *
 * @throws {ReactorAlreadyInstalledError} if the reactor has a backend, chosen or by
 *   its use
 * @throws {TypeError} if it is not a backend
 */
export function install(backend: Backend): void {
  checkBackend("install", backend);
  if (installed !== undefined) {
    throw new ReactorAlreadyInstalledError(
      `Cannot install the backend ${backend.name}: the reactor uses ${installed.name} already`,
    );
  }
  installed = backend;
}

/** The default reactor: Twisted's `twisted.internet.reactor`. */
export const reactor: Reactor = new Reactor({ backend: defaultBackend });
