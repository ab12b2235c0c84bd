/**
 * A program from its main function to its exit status.
 *
 * @module
 */

import { Deferred, Failure } from "../../defer/mod.ts";
import { isThenable } from "../../defer/thenable.ts";
import { ReactorNotRunning, SystemExit } from "../errors.ts";
import type { Backend } from "../backend.ts";
import type { Reactor } from "../reactor.ts";

/**
 * The main function of a program: its end is that of the deferred or the promise
 * that it returns.
 */
export type ReactMain<A extends unknown[]> = (
  reactor: Reactor,
  ...args: A
) => PromiseLike<unknown>;

/**
 * Runs a program: calls its main function, runs the reactor until that is done,
 * and sets the exit status. Twisted's `task.react`.
 *
 * The status is 0 if all went well. If `main` fails it is 1, and the error goes
 * to the log; a {@linkcode SystemExit} chooses the status, without a word. If the
 * reactor is stopped by somebody else, or by Ctrl-C, the status is 0 unless
 * `main` fails on that occasion.
 *
 * @param reactor the reactor to run
 * @param main called before the reactor runs, with the reactor and `args`;
 *   may be async
 * @param args what `main` gets after the reactor
 * @returns the exit status, when the reactor has stopped. It rejects with what
 *   `main` throws before it returns; the reactor was not run then.
 * @throws {TypeError} if `main` returns neither a deferred nor a promise
 *
 * @example
 * ```ts
 * import { deferLater, react, reactor } from "@deferno/deferno";
 *
 * const status = await react(reactor, async (reactor, name: string) => {
 *   const greeting = await deferLater(reactor, 0.01, () => `Hello, ${name}!`);
 *   console.assert(greeting === "Hello, Emily!");
 * }, "Emily");
 * console.assert(status === 0);
 * ```
 */
export async function react<A extends unknown[]>(
  reactor: Reactor,
  main: ReactMain<A>,
  ...args: A
): Promise<number> {
  const finished = asDeferred(main(reactor, ...args));
  let status = 0;
  // Once the reactor is on its way to its end, there is nothing left to stop.
  let ending = false;
  reactor.addSystemEventTrigger("before", "shutdown", () => {
    ending = true;
  });

  const end = (result: unknown) => {
    if (!ending) stop(reactor);
    if (result instanceof Failure) status = statusFor(reactor, result);
  };
  finished.addBoth((result) => {
    if (ending) end(result);
    else reactor.callWhenRunning(end, result);
  });

  try {
    await reactor.run();
  } finally {
    ending = true;
  }
  // The shutdown may have failed what `main` was waiting for; if `main` is an
  // async function, it learns of that and fails only now.
  await nextTurn(reactor.backend);
  reactor.backend.setExitStatus?.(status);
  return status;
}

function asDeferred(result: unknown): Deferred<unknown> {
  if (result instanceof Deferred) return result;
  if (isThenable(result)) return Deferred.fromPromise(result);
  throw new TypeError(
    `The main function must return a deferred or a promise: it returned ${result}`,
  );
}

function stop(reactor: Reactor): void {
  try {
    reactor.stop();
  } catch (error) {
    // Somebody else was faster.
    if (!(error instanceof ReactorNotRunning)) throw error;
  }
}

function statusFor(reactor: Reactor, failure: Failure): number {
  if (failure.value instanceof SystemExit) return failure.value.code;
  reactor.log.err(failure, "The main function failed:");
  return 1;
}

function nextTurn(backend: Backend): Promise<void> {
  return new Promise((resolve) => backend.nextTurn(resolve));
}
