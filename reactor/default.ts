import { whenNothingIsLeft } from "../defer/host.ts";
import { Failure } from "../defer/mod.ts";
import { findBackend } from "./backends/runtime.ts";
import { checkBackend } from "./checks.ts";
import { ReactorAlreadyInstalledError, ReactorNotRunning } from "./errors.ts";
import type { Backend } from "./backend.ts";
import { isForgotten, Reactor } from "./reactor.ts";

let installed: Backend | undefined;

/** The installed one, or from now on the runtime's. */
export function defaultBackend(): Backend {
  return installed ??= findBackend();
}

/**
 * Chooses the default reactor's backend, before its first use: as Twisted's `install()`.
 * @throws {ReactorAlreadyInstalledError} if it has one, chosen or by its use
 * @throws {TypeError} if it is not a backend
 * @category Reactor
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

/** Without `run()` a program ends without a word. */
function reportForgotten(): void {
  if (!isForgotten(reactor)) return;
  const error = new ReactorNotRunning(
    "Cannot call what waits for the reactor: it was never run. End the program with `await reactor.run();`",
  );
  reactor.log.err(new Failure(error), "Unhandled error at the program's end:");
}

/**
 * Twisted's `twisted.internet.reactor`.
 * @category Reactor
 */
export const reactor: Reactor = new Reactor({
  backend() {
    whenNothingIsLeft(reportForgotten);
    return defaultBackend();
  },
});
