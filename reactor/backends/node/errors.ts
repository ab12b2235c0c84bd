import type { Reason } from "../errors.ts";
import { builtin } from "./modules.ts";

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
  for (
    const [name, words] of builtin("node:util").getSystemErrorMap().values()
  ) {
    if (name === code) return words;
  }
  return undefined;
}
