import type { Attempt, ConnectPathOptions, Stream } from "../../backend.ts";
import {
  BadFileError,
  ConnectError,
  ConnectionRefusedError,
} from "../../errors.ts";
import type { Reason } from "../errors.ts";
import { lockOf, notLocked, type PathFiles, pathTooLong } from "./lock.ts";

/** At a full backlog; over TCP the system tries again. */
const RETRY_SECONDS = 0.01;

/** Reports once, and later. */
export type DialPath = (
  path: string,
  done: (outcome: Stream | Reason) => void,
) => void;

export function connectToPath(
  options: ConnectPathOptions,
  done: (outcome: Stream | Error) => void,
  { dial, files }: { dial: DialPath; files: PathFiles },
): Attempt {
  const { path } = options;
  let cancelled = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
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
      clearTimeout(retry);
    },
  };

  function attempt(): void {
    dial(path, (outcome) => {
      if (!("kind" in outcome)) {
        // Made just before it was cancelled.
        if (cancelled) outcome.close();
        else done(outcome);
      } else if (cancelled) return;
      else if (outcome.kind === "busy") {
        retry = setTimeout(attempt, RETRY_SECONDS * 1000);
      } else done(connectError(options, outcome));
    });
  }
}

function refuse(
  options: ConnectPathOptions,
  files: PathFiles,
): Error | undefined {
  const { path, mustBeLocked } = options;
  const length = pathTooLong(path, files);
  if (length !== undefined) {
    return new ConnectError(`Cannot connect to ${path}: ${length}`);
  }
  if (!mustBeLocked) return undefined;
  try {
    const isLocked = files.lstat(lockOf(path)) !== undefined;
    return isLocked ? undefined : notLocked(path);
  } catch (error) {
    return connectError(options, { ...files.reasonOf(error), kind: "other" });
  }
}

function connectError(
  { path, mustBeLocked }: ConnectPathOptions,
  { kind, text, error }: Reason,
): Error {
  const cause = { cause: error };
  const message = `Cannot connect to ${path}: ${text}`;
  if (kind !== "refused") return new ConnectError(message, cause);
  if (!mustBeLocked) return new ConnectionRefusedError(message, cause);
  return new BadFileError(
    `Cannot connect to ${path}: the server that has locked it is dead`,
    cause,
  );
}
