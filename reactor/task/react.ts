import { checkFunction, isThenable, mustBe } from "../../defer/checks.ts";
import { Deferred, Failure } from "../../defer/mod.ts";
import { ReactorNotRunning, SystemExit } from "../errors.ts";
import type { Reactor } from "../reactor.ts";

/**
 * The main function: the program ends with what it returns.
 * @category Reactor
 */
export type ReactMain<A extends unknown[]> = (
  reactor: Reactor,
  ...args: A
) => PromiseLike<unknown>;

/**
 * Runs a program: calls `main`, then runs the reactor until that is done, and sets the
 * exit status: Twisted's `task.react`. That is 0 if `main` succeeds; 1 if it fails, with
 * the error logged; or a {@linkcode SystemExit}'s, with nothing logged. If the reactor is
 * stopped otherwise, as by Ctrl-C, it is 0 unless `main` fails then.
 * @returns the exit status, when the reactor has stopped. Rejects with what `main` throws
 *   before it returns, without running the reactor
 * @throws {TypeError} if `reactor` is none, or `main` returns neither a deferred nor a
 *   promise
 * @example
 * ```ts
 * import { deferLater, react, reactor } from "@deferno/deferno";
 *
 * const status = await react(reactor, async (reactor, name: string) => {
 *   await deferLater(reactor, 0.01);
 *   console.log(`Hello, ${name}!`);
 * }, "Emily");
 * console.assert(status === 0);
 * ```
 * @category Reactor
 */
export async function react<A extends unknown[]>(
  reactor: Reactor,
  main: ReactMain<A>,
  ...args: A
): Promise<number> {
  checkReactor(reactor);
  checkFunction("react: main", main);
  const finished = asDeferred(main(reactor, ...args));
  let status = 0;
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
  // An async `main` fails a few microtasks after the shutdown has failed what it awaits.
  const { backend } = reactor;
  await new Promise<void>((resolve) => backend.nextTurn(resolve));
  backend.setExitStatus?.(status);
  return status;
}

function checkReactor(reactor: Reactor): void {
  if (typeof reactor?.run === "function") return;
  const expected = "a Reactor, as in react(reactor, main)";
  throw new TypeError(mustBe("react: reactor", expected, reactor));
}

function asDeferred(result: unknown): Deferred<unknown> {
  if (result instanceof Deferred) return result;
  if (isThenable(result)) return Deferred.fromPromise(result);
  throw new TypeError(
    `The main function must return a deferred or a promise, got ${result}`,
  );
}

function stop(reactor: Reactor): void {
  try {
    reactor.stop();
  } catch (error) {
    // Stopped already.
    if (!(error instanceof ReactorNotRunning)) throw error;
  }
}

function statusFor(reactor: Reactor, failure: Failure): number {
  if (failure.value instanceof SystemExit) return failure.value.code;
  reactor.log.err(failure, "The main function failed:");
  return 1;
}
