/**
 * Serves the files of a folder, as any host of static files does.
 *
 * @module
 */

import { extname, join } from "node:path/posix";

const TYPES: Record<string, string> = {
  ".css": "text/css",
  ".html": "text/html",
  ".js": "text/javascript",
  ".md": "text/plain",
  ".svg": "image/svg+xml",
  ".ts": "text/plain",
  ".txt": "text/plain",
};

/** Serves the files of a folder on 127.0.0.1; the port is 0 for a free one. */
export function serveFolder(
  folder: string,
  port: number,
): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve(
    { hostname: "127.0.0.1", port, onListen() {} },
    async ({ url }) => await respond(folder, new URL(url).pathname),
  );
}

async function respond(folder: string, pathname: string): Promise<Response> {
  const path = pathOf(pathname);
  const file = path === undefined ? undefined : await read(join(folder, path));
  if (path === undefined || file === undefined) return await notFound(folder);
  const type = TYPES[extname(path)] ?? "application/octet-stream";
  return new Response(file, {
    headers: { "content-type": `${type}; charset=utf-8` },
  });
}

/** The file at an address; none if that leads out of the folder, or is no address. */
function pathOf(pathname: string): string | undefined {
  try {
    const path = decodeURIComponent(pathname).replace(/\/$/, "/index.html");
    return path.split("/").includes("..") ? undefined : path;
  } catch {
    return undefined;
  }
}

async function notFound(folder: string): Promise<Response> {
  return new Response(await Deno.readFile(join(folder, "404.html")), {
    status: 404,
    headers: { "content-type": "text/html; charset=utf-8" },
  });
}

async function read(
  path: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    // A folder whose slash is missing.
    if (error instanceof Deno.errors.IsADirectory) return undefined;
    throw error;
  }
}
