// Which sockets the system has open.

import { execFileSync } from "node:child_process";
import process from "node:process";

/** The number that stands in the place of a socket that nobody has open. */
const NOBODY = "0";

/**
 * Whether somebody has a socket open whose near or far end this is. Where the
 * system has no such list, nobody has.
 *
 * @param end the port of TCP, or the path of a UNIX socket
 */
export function stillOpen(end: number | string): boolean {
  if (process.platform !== "linux") return false;
  if (typeof end === "string") {
    return read("/proc/net/unix").some((line) => line.endsWith(` ${end}`));
  }
  const port = `:${end.toString(16).toUpperCase().padStart(4, "0")}`;
  return read("/proc/net/tcp").some((line) => {
    const [, near, far, , , , , , , inode] = line.trim().split(/\s+/);
    const isOurs = near?.endsWith(port) || far?.endsWith(port);
    return isOurs && inode !== NOBODY;
  });
}

/** The lines of such a list. Deno lets only other programs read them. */
function read(path: string): string[] {
  const options = { encoding: "utf8", maxBuffer: 2 ** 26 } as const;
  return execFileSync("cat", [path], options).split("\n");
}
