// Whether a process has sockets left, as its system sees them.

import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { Place } from "./peer.ts";

/** The sockets' numbers that this process has descriptors of. */
function ownSockets(): Set<string> {
  const numbers = new Set<string>();
  for (const fd of readdirSync("/proc/self/fd")) {
    try {
      const [, inode] = /^socket:\[(\d+)\]$/
        .exec(readlinkSync(`/proc/self/fd/${fd}`)) ?? [];
      if (inode !== undefined) numbers.add(inode);
    } catch {
      // It was closed meanwhile: it may be another test's.
    }
  }
  return numbers;
}

/** The numbers of the sockets that one end of is at a place. */
function socketsAt(place: Place): string[] {
  const isUNIX = "path" in place;
  const lines = readFileSync(`/proc/net/${isUNIX ? "unix" : "tcp"}`, "utf8")
    .split("\n").slice(1).map((line) => line.trim().split(/\s+/));
  if (isUNIX) {
    return lines.filter((line) => line[7] === place.path)
      .map((line) => line[6] ?? "");
  }
  const port = place.port.toString(16).toUpperCase().padStart(4, "0");
  return lines.filter(([, local, remote]) =>
    local?.endsWith(`:${port}`) || remote?.endsWith(`:${port}`)
  ).map((line) => line[9] ?? "");
}

/** How many sockets this process has open at a place; 0 where nobody can tell. */
export function openSockets(place: Place): number {
  if (!existsSync("/proc/self/fd") || !existsSync("/proc/net/tcp")) return 0;
  const own = ownSockets();
  return socketsAt(place).filter((inode) => own.has(inode)).length;
}
