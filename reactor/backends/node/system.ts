// Node's modules are taken at first use: the files are also loaded without Node.

import { encodeHostName } from "../../addresses.ts";
import type { Attempt } from "../../backend.ts";
import { lookupError, type Reason } from "../errors.ts";

type Process = typeof import("node:process");

interface Modules {
  "node:crypto": typeof import("node:crypto");
  "node:dns": typeof import("node:dns");
  "node:fs": typeof import("node:fs");
  "node:net": typeof import("node:net");
  "node:path": typeof import("node:path");
  "node:stream": typeof import("node:stream");
  "node:tls": typeof import("node:tls");
  "node:util": typeof import("node:util");
  "node:worker_threads": typeof import("node:worker_threads");
}

let checked: Process | undefined;

/**
 * Deno's takes 12 ms to be made.
 * @throws {Error} where there is none, and on a Node too old
 */
export function nodeProcess(): Process {
  if (checked !== undefined) return checked;
  const process: Process | undefined = Reflect.get(globalThis, "process");
  if (process?.versions?.node === undefined) {
    throw new Error(
      "Cannot use nodeBackend: this is not Node.js. runtimeBackend is what there is here",
    );
  }
  checkNodeVersion(process);
  return checked = process;
}

export function runtimeName(): "Bun" | "Node.js" {
  return "bun" in nodeProcess().versions ? "Bun" : "Node.js";
}

export function builtin<Name extends keyof Modules>(name: Name): Modules[Name] {
  return nodeProcess().getBuiltinModule(name);
}

/** Scripts read it without loading the backend. */
export const OLDEST_NODE = "20.19";

interface Versioned {
  readonly versions: { readonly node: string };
  /** Missing before 20.16, and from 21.0 to 22.2. */
  readonly getBuiltinModule?: unknown;
}

/** @throws {Error} if Node is too old */
export function checkNodeVersion(process: Versioned): void {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const isOld = major < 20 || major === 20 && minor < 19;
  if (!isOld && process.getBuiltinModule !== undefined) return;
  throw new Error(
    `Deferno needs Node.js ${OLDEST_NODE} or newer, of 22 at least 22.3: this is ${node}`,
  );
}

export interface SystemError extends Error {
  readonly code?: string | undefined;
  readonly syscall?: string | undefined;
}

/** Where Node's words are not the system's, which other programs show. */
const WORDS: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: "cannot assign requested address",
  EHOSTUNREACH: "no route to host",
  EISDIR: "is a directory",
  ENOTFOUND: "failed to lookup address information: Name or service not known",
  EAI_AGAIN:
    "failed to lookup address information: Temporary failure in name resolution",
};

const KINDS: Readonly<Record<string, Reason["kind"]>> = {
  ECONNREFUSED: "refused",
  ETIMEDOUT: "timedOut",
  ENETUNREACH: "unreachable",
  EAGAIN: "busy",
  EADDRINUSE: "local",
  EADDRNOTAVAIL: "local",
  ERR_INVALID_IP_ADDRESS: "local",
};

export function reasonOf(error: unknown): Reason {
  const { code = "", message, syscall } = error as SystemError;
  const text = wordsFor(code) ??
    message.charAt(0).toLowerCase() + message.slice(1);
  return { kind: kindOf(code, syscall), text, error };
}

function kindOf(code: string, syscall: string | undefined): Reason["kind"] {
  if (syscall === "bind") return "local";
  if (syscall === "getaddrinfo") return "name";
  return KINDS[code] ?? "other";
}

function wordsFor(code: string): string | undefined {
  const known = WORDS[code];
  if (known !== undefined) return known;
  const all = [...builtin("node:util").getSystemErrorMap().values()];
  return all.find(([name]) => name === code)?.[1];
}

/** By the system; for Deno as well. */
export function lookup(
  hostname: string,
  done: (outcome: readonly string[] | Error) => void,
): Attempt {
  return lookupAddresses(hostname, (outcome) => {
    const isError = outcome instanceof Error;
    done(isError ? lookupError(hostname, reasonOf(outcome)) : outcome);
  });
}

/** With Node's own error. */
export function lookupAddresses(
  hostname: string,
  done: (outcome: readonly string[] | SystemError) => void,
): Attempt {
  let cancelled = false;
  const finish = (outcome: readonly string[] | SystemError) => {
    if (!cancelled) done(outcome);
  };
  const name = encodeHostName(hostname);
  // Node takes an empty name for localhost.
  if (!name) queueMicrotask(() => finish(nameError(hostname)));
  else {
    const options = { all: true, verbatim: true } as const;
    // getaddrinfo cannot be cancelled.
    builtin("node:dns").lookup(name, options, (error, found) => {
      const addresses = found?.map(({ address }) => address) ?? [];
      const isEmpty = addresses.length === 0;
      finish(error ?? (isEmpty ? nameError(hostname) : addresses));
    });
  }
  return { cancel: () => void (cancelled = true) };
}

function nameError(hostname: string): SystemError {
  const why = hostname === "" ? "Invalid empty host: ''" : "Invalid host name";
  return Object.assign(new Error(why), { syscall: "getaddrinfo" });
}
