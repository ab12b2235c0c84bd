import { checkInteger, mustBe } from "../defer/checks.ts";

const ALL_PERMISSIONS = 0o777;

/** @throws {TypeError} if it is not a backend */
export function checkBackend(who: string, backend: unknown): void {
  const chosen: { readonly connect?: unknown } = Object(backend);
  if (typeof chosen.connect === "function") return;
  throw new TypeError(
    mustBe(`${who}: backend`, "a Backend, which can connect", backend) +
      ". runtimeBackend is that of the runtime",
  );
}

/** @throws {TypeError} if it is not bytes */
export function checkBytes(method: string, data: unknown): void {
  if (data instanceof Uint8Array) return;
  const hint = typeof data === "string"
    ? " (a TextEncoder makes bytes of it)"
    : "";
  throw new TypeError(mustBe(`${method}: data`, "a Uint8Array", data) + hint);
}

export function checkPort(port: number, least: 0 | 1): void {
  if (Number.isInteger(port) && port >= least && port <= 65535) return;
  throw new RangeError(
    `port must be an integer from ${least} to 65535, got ${port}`,
  );
}

/** @throws {TypeError} if a UNIX socket's path is empty, or holds a NUL */
export function checkPath(path: string): void {
  if (path !== "" && !path.includes("\0")) return;
  const given = JSON.stringify(path);
  throw new TypeError(
    `The path of a UNIX socket must be that of a file, without NUL, got ${given}`,
  );
}

export function checkMode(mode: number): void {
  if (Number.isInteger(mode) && mode >= 0 && mode <= ALL_PERMISSIONS) return;
  throw new RangeError(`mode must be an integer from 0 to 0o777, got ${mode}`);
}

/** @throws {RangeError} if it is not a time in seconds */
export function checkSeconds(name: string, seconds: unknown): void {
  if (typeof seconds === "number" && seconds >= 0) return;
  throw new RangeError(mustBe(name, "0 or more seconds", seconds));
}

/** @throws {RangeError} if it is neither a time in seconds nor `null` */
export function checkTimeout(name: string, seconds: number | null): void {
  if (seconds === null || seconds >= 0) return;
  throw new RangeError(mustBe(name, "0 or more seconds, or null", seconds));
}

/** Node's and Deno's. Without room, a connection's packet is sent again a second later. */
export const DEFAULT_BACKLOG = 511;

export function checkBacklog(backlog: number): void {
  checkInteger("backlog", backlog, 1);
}

/** @throws {TypeError} if it has no `callLater` */
export function checkClock(who: string, clock: unknown): void {
  const given: { readonly callLater?: unknown } = Object(clock);
  if (typeof given.callLater === "function") return;
  const expected = "an object with a callLater, like a reactor";
  throw new TypeError(mustBe(`${who}: clock`, expected, clock));
}

/** @throws {TypeError} if it is not a factory */
export function checkFactory(factory: unknown): void {
  const given: { doStart?: unknown; buildProtocol?: unknown } = Object(factory);
  const isFactory = typeof given.doStart === "function" &&
    typeof given.buildProtocol === "function";
  if (isFactory) return;
  throw new TypeError(
    mustBe("factory", "a factory, as Factory.forProtocol makes one", factory),
  );
}

/** @throws {TypeError} if it is not an object */
export function checkOptions(method: string, options: unknown): void {
  if (typeof options === "object" && options !== null) return;
  throw new TypeError(mustBe(`${method}: options`, "an object", options));
}
