/**
 * Connecting to a UNIX socket.
 *
 * @module
 */

import {
  BadFileError,
  ConnectError,
  ConnectionRefusedError,
} from "../../errors.ts";
import type { Attempt, ConnectPathOptions, Stream } from "../../backend.ts";
import { lockOf, type PathFiles, tooLong } from "./files.ts";

/**
 * How long to wait, in seconds, before a server is asked again that has as many
 * connections to accept as may wait for it. Over TCP the system asks again by
 * itself; here it has to be done.
 */
const AGAIN_SECONDS = 0.01;

/** Why a runtime has not connected. */
export interface NotConnected {
  /** Nobody listens; the server is busy; or something else is wrong. */
  readonly kind: "refused" | "busy" | "other";
  /** The runtime's own error. */
  readonly error: unknown;
}

/** How a runtime connects: tells the outcome later, and never twice. */
export type DialPath = (
  path: string,
  done: (outcome: Stream | NotConnected) => void,
) => void;

/** Starts to connect to a socket, as `Backend.connectPath` promises it. */
export function connectToPath(
  options: ConnectPathOptions,
  done: (outcome: Stream | Error) => void,
  { dial, files }: { dial: DialPath; files: PathFiles },
): Attempt {
  const { path } = options;
  let cancelled = false;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const refusal = refuse(options, files);
  if (refusal === undefined) attempt();
  else {
    queueMicrotask(() => {
      if (!cancelled) done(refusal);
    });
  }
  return {
    cancel() {
      cancelled = true;
      clearTimeout(waiting);
    },
  };

  function attempt(): void {
    dial(path, (outcome) => {
      if (!("kind" in outcome)) {
        // It may have been made in the very moment in which it was given up.
        if (cancelled) outcome.close();
        else done(outcome);
      } else if (cancelled) return;
      else if (outcome.kind === "busy") {
        waiting = setTimeout(attempt, AGAIN_SECONDS * 1000);
      } else done(connectError(options, outcome, files));
    });
  }
}

/** Why there is no use in trying, if there is none. */
function refuse(
  { path, mustBeLocked }: ConnectPathOptions,
  files: PathFiles,
): Error | undefined {
  const length = tooLong(path, files);
  if (length !== undefined) {
    return new ConnectError(`Cannot connect to ${path}: ${length}`);
  }
  if (!mustBeLocked) return undefined;
  try {
    if (files.look(lockOf(path)) !== undefined) return undefined;
  } catch (error) {
    return connectError(
      { path, mustBeLocked },
      { kind: "other", error },
      files,
    );
  }
  return new BadFileError(
    `Cannot connect to ${path}: no server has locked it with ${lockOf(path)}`,
  );
}

function connectError(
  { path, mustBeLocked }: ConnectPathOptions,
  { kind, error }: NotConnected,
  files: PathFiles,
): Error {
  const cause = { cause: error };
  const message = `Cannot connect to ${path}: ${files.reasonIn(error)}`;
  if (kind !== "refused") return new ConnectError(message, cause);
  if (!mustBeLocked) return new ConnectionRefusedError(message, cause);
  return new BadFileError(
    `Cannot connect to ${path}: the server that has locked it is dead`,
    cause,
  );
}
