// What the tests of web streams share.

/** Where more than this waits to be sent, a writer has to wait. */
export const FULL = 64 * 1024;

/** More than the buffers of any kernel between two sockets hold. */
export const LARGE = 32 * 1024 * 1024;

/** How long to look on, where nothing should happen. */
export const SOME_PASSES = 20;

/** How both sides end where nothing goes wrong. */
export const CLEAN = [
  "server connectionLost ConnectionDone",
  "client connectionLost ConnectionDone",
];

/** How something ends: well, or with which error. */
export async function endOf(promise: PromiseLike<unknown>): Promise<string> {
  try {
    await promise;
    return "end";
  } catch (error) {
    return (error as Error).name;
  }
}
