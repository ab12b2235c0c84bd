/// <reference lib="dom" />
/**
 * What a worker is told of a program.
 *
 * @module
 */

import type { ProgramSetup, ServerSetup } from "../worker/messages.ts";
import type { ProgramDescription } from "./description.ts";
import { checkoutText } from "./site.ts";

/** What the reader chooses. */
export interface Choices {
  /** Ports where nobody listens. */
  readonly missing: ReadonlySet<number>;
  /** In seconds, as it was typed; empty for the command's own. */
  readonly timeout: string;
  readonly paused: boolean;
  /** The JavaScript of an edited program. */
  readonly code: string | undefined;
}

/** Puts a program, its servers and their files together. */
export async function setUp(
  program: ProgramDescription,
  { missing, timeout, paused, code }: Choices,
): Promise<Omit<ProgramSetup, "speed">> {
  const files: Record<string, string> = {};
  for (const path of program.files) files[path] = await checkoutText(path);
  for (const { path, word, width } of program.made) {
    files[path] = word.padStart(width);
  }
  const servers = program.servers.map((server): ServerSetup => ({
    ...server,
    name: server.file.replace(/^.*\//, ""),
    poem: files[server.file] ?? "",
  }));
  return {
    path: program.path,
    code,
    args: timeout === "" ? program.args : withTimeout(program.args, timeout),
    stdin: program.stdin,
    servers: servers.filter(({ port }) => !missing.has(port)),
    peers: program.peers.filter(({ port }) => !missing.has(port)),
    isRead: program.port !== undefined,
    files,
    paused,
  };
}

function withTimeout(args: readonly string[], timeout: string): string[] {
  const at = args.indexOf("--timeout");
  const others = args.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
  return ["--timeout", timeout, ...others];
}
