import { findHost } from "../../defer/host.ts";
import type { Backend } from "../backend.ts";
import { denoBackend } from "./deno/backend.ts";
import { createMemoryBackend } from "./memory/backend.ts";
import { nodeBackend } from "./node/backend.ts";

let found: Backend | undefined;

export function findBackend(): Backend {
  return found ??= chooseBackend();
}

function chooseBackend(): Backend {
  const { deno, node } = findHost();
  if (deno !== undefined) return denoBackend;
  return node === undefined ? createMemoryBackend() : nodeBackend;
}

const backend = {
  get name() {
    return findBackend().name;
  },
  get seconds() {
    return findBackend().seconds;
  },
  get connect() {
    return findBackend().connect;
  },
  get listen() {
    return findBackend().listen;
  },
  get connectPath() {
    return findBackend().connectPath;
  },
  get listenPath() {
    return findBackend().listenPath;
  },
  get prepareTLS() {
    return findBackend().prepareTLS;
  },
  get lookup() {
    return findBackend().lookup;
  },
  get readTextFile() {
    return findBackend().readTextFile;
  },
  get listFolder() {
    return findBackend().listFolder;
  },
  get setAlarm() {
    return findBackend().setAlarm;
  },
  get nextTurn() {
    return findBackend().nextTurn;
  },
  get enterLoop() {
    return findBackend().enterLoop;
  },
  get onSignal() {
    return findBackend().onSignal;
  },
  get setExitStatus() {
    return findBackend().setExitStatus;
  },
  // None may be left out.
} satisfies Record<keyof Backend, unknown>;

/**
 * `denoBackend` on Deno, `nodeBackend` on Node.js and Bun, else, as in a page, one
 * network in memory; found at first use.
 * @category Backends
 */
// A getter's type cannot be optional.
export const runtimeBackend: Backend = backend as Backend;
