/**
 * The options of the poetry programs. Each program lists those it takes.
 *
 * @module
 */

import type { Option } from "./command_line.ts";
import { UsageError } from "./usage_error.ts";
import { isDecimal, isInteger } from "./numbers.ts";

/** Timers count milliseconds in 32 bits, and fire at once where there are more of them. */
const LONGEST_WAIT = 2_147_483;

/** More processes than any machine has cores for. */
const MOST_WORKERS = 1000;

/** `--port`: the port of a server; 0 stands for any that is free. */
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

/** `--iface`: the interface of a server. */
export const iface: Option<string> = {
  placeholder: "HOST",
  help: "The interface to listen on. Default: 127.0.0.1.",
  default: "127.0.0.1",
  // Brackets around an IPv6 address belong to the port behind it; there is none here.
  parse: (text) => text.replace(/^\[(.*)\]$/, "$1"),
};

/** `--listen`: where a server listens, as the string of an endpoint. */
export const listen: Option<string | undefined> = {
  placeholder: "ENDPOINT",
  help: "Where to listen instead: tcp:10000, unix:/tmp/poetry.",
  default: undefined,
  excludes: ["port", "iface"],
  parse: (text) => text,
};

/** `--delay`: how long a slow server rests after each piece. */
export const delay: Option<number> = {
  placeholder: "SECONDS",
  help: "The time between two pieces of the poem. Default: 0.1.",
  default: 0.1,
  parse: (text) => parseRest("Delay", text),
};

/** `--num-bytes`: how much a slow server sends at a time. */
export const numBytes: Option<number> = {
  placeholder: "N",
  help: "The number of bytes in a piece. Default: 10.",
  default: 10,
  parse: (text) => parseCount("Number of bytes", text),
};

/** `--max-clients`: how many clients a server takes at a time. */
export const maxClients: Option<number | undefined> = {
  placeholder: "N",
  help: "The clients to have at a time. Default: any number.",
  default: undefined,
  parse: (text) => parseCount("Number of clients", text),
};

/** `--send-timeout`: how long a client of a server may take nothing. */
export const sendTimeout: Option<number> = {
  placeholder: "SECONDS",
  help: "Lose a client that reads nothing so long. Default: 30.",
  default: 30,
  parse: (text) => parseLimit("Send timeout", text),
};

/** `--drain`: how long the clients of a server that is told to end may go on. */
export const drain: Option<number> = {
  placeholder: "SECONDS",
  help: "How long clients may stay when it ends. Default: 0.",
  default: 0,
  parse: (text) => parseRest("Drain", text),
};

/** `--workers`: how many processes a server consists of. */
export const workers: Option<number> = {
  placeholder: "N",
  help: "Serve with so many processes, on one port. Default: 1.",
  default: 1,
  parse(text) {
    const count = parseCount("Number of workers", text);
    if (count > MOST_WORKERS) {
      throw new UsageError(
        `Number of workers must be at most ${MOST_WORKERS}: it is ${text}.`,
      );
    }
    return count;
  },
};

/** `--worker`: which of the workers this process is; none of them unless given. */
export const worker: Option<number | undefined> = {
  placeholder: "N",
  help: "Set by --workers.",
  hidden: true,
  default: undefined,
  parse: (text) => parseCount("Number of a worker", text),
};

/** `--shared-port`: the port that the workers share, once the first has found it. */
export const sharedPort: Option<number | undefined> = {
  ...worker,
  parse: port.parse,
};

/** `--timeout`: how long a client waits for a whole poem. */
export const timeout: Option<number | undefined> = {
  placeholder: "SECONDS",
  help: "Give a poem up that takes longer. Default: wait for ever.",
  default: undefined,
  parse: (text) => parseLimit("Timeout", text),
};

/** Reads how many there are of something of which there is one at least. */
function parseCount(what: string, text: string): number {
  if (!isInteger(text)) {
    throw new UsageError(`${what} must be an integer: it is ${text}.`);
  }
  if (Number(text) < 1) {
    throw new UsageError(`${what} must be 1 or more: it is ${text}.`);
  }
  return Number(text);
}

/** Reads a time that may be none at all. */
function parseRest(what: string, text: string): number {
  const seconds = parseSeconds(what, text);
  if (seconds < 0) {
    throw new UsageError(`${what} must be 0 or more seconds: it is ${text}.`);
  }
  return seconds;
}

/** Reads a time in which something has to happen. */
function parseLimit(what: string, text: string): number {
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
  if (Number(text) > LONGEST_WAIT) {
    throw new UsageError(
      `${what} must be at most ${LONGEST_WAIT} seconds: it is ${text}.`,
    );
  }
  return Number(text);
}
