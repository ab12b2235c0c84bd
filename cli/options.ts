/**
 * The options of the poetry programs. Each program lists the ones it takes.
 *
 * @module
 */

import type { Option } from "./command_line.ts";
import { isDecimal, isInteger } from "./numbers.ts";
import { UsageError } from "./exit.ts";

/** `setTimeout` takes 2^31 - 1 ms; a longer delay overflows and fires at once. */
const MAX_SECONDS = 2_147_483;

/** More processes than any machine has cores. */
const MAX_WORKERS = 1000;

export const port: Option<number> = {
  placeholder: "N",
  help: "The port to listen on. Default: one that is free.",
  default: 0,
  parse(text) {
    if (!isInteger(text)) {
      throw new UsageError(`Port must be an integer: it is ${text}.`);
    }
    if (Number(text) < 0 || Number(text) > 65535) {
      throw new UsageError(`Port must be from 0 to 65535: it is ${text}.`);
    }
    return Number(text);
  },
};

export const iface: Option<string> = {
  placeholder: "HOST",
  help: "The interface to listen on. Default: 127.0.0.1.",
  default: "127.0.0.1",
  // Allows [::1], although no port follows.
  parse: (text) => text.replace(/^\[(.*)\]$/, "$1"),
};

export const listen: Option<string | undefined> = {
  placeholder: "ENDPOINT",
  help: "Where to listen instead: tcp:10000, unix:/tmp/poetry.",
  default: undefined,
  excludes: ["port", "iface"],
  parse: (text) => text,
};

export const delay: Option<number> = {
  placeholder: "SECONDS",
  help: "The time between two pieces of the poem. Default: 0.1.",
  default: 0.1,
  parse: (text) => parseDelay("Delay", text),
};

export const numBytes: Option<number> = {
  placeholder: "N",
  help: "The number of bytes in a piece. Default: 10.",
  default: 10,
  parse: (text) => parseCount("Number of bytes", text),
};

export const maxClients: Option<number | undefined> = {
  placeholder: "N",
  help: "The clients to have at a time. Default: any number.",
  default: undefined,
  parse: (text) => parseCount("Number of clients", text),
};

export const sendTimeout: Option<number> = {
  placeholder: "SECONDS",
  help: "Lose a client that reads nothing so long. Default: 30.",
  default: 30,
  parse: (text) => parseTimeLimit("Send timeout", text),
};

export const drain: Option<number> = {
  placeholder: "SECONDS",
  help: "How long clients may stay when it ends. Default: 0.",
  default: 0,
  parse: (text) => parseDelay("Drain", text),
};

export const workers: Option<number> = {
  placeholder: "N",
  help: "Serve with so many processes, on one port. Default: 1.",
  default: 1,
  parse(text) {
    const count = parseCount("Number of workers", text);
    if (count > MAX_WORKERS) {
      throw new UsageError(
        `Number of workers must be at most ${MAX_WORKERS}: it is ${text}.`,
      );
    }
    return count;
  },
};

/** The number of this worker. Only a parent process passes it. */
export const worker: Option<number | undefined> = {
  placeholder: "N",
  help: "Set by --workers.",
  hidden: true,
  default: undefined,
  parse: (text) => parseCount("Number of a worker", text),
};

/** The port that the first worker has found. Only a parent process passes it. */
export const sharedPort: Option<number | undefined> = {
  ...worker,
  parse: port.parse,
};

export const timeout: Option<number | undefined> = {
  placeholder: "SECONDS",
  help: "Stop after this time. Default: wait for ever.",
  default: undefined,
  parse: (text) => parseTimeLimit("Timeout", text),
};

function parseCount(what: string, text: string): number {
  if (!isInteger(text)) {
    throw new UsageError(`${what} must be an integer: it is ${text}.`);
  }
  if (Number(text) < 1) {
    throw new UsageError(`${what} must be 1 or more: it is ${text}.`);
  }
  return Number(text);
}

function parseDelay(what: string, text: string): number {
  const seconds = parseSeconds(what, text);
  if (seconds < 0) {
    throw new UsageError(`${what} must be 0 or more seconds: it is ${text}.`);
  }
  return seconds;
}

function parseTimeLimit(what: string, text: string): number {
  const seconds = parseSeconds(what, text);
  if (seconds <= 0) {
    throw new UsageError(
      `${what} must be more than 0 seconds: it is ${text}.`,
    );
  }
  return seconds;
}

function parseSeconds(what: string, text: string): number {
  if (!isDecimal(text)) {
    throw new UsageError(`${what} must be a number of seconds: it is ${text}.`);
  }
  if (Number(text) > MAX_SECONDS) {
    throw new UsageError(
      `${what} must be at most ${MAX_SECONDS} seconds: it is ${text}.`,
    );
  }
  return Number(text);
}
