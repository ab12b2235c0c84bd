/**
 * A port, with or without TLS.
 *
 * @module
 */

/**
 * Listens on a free port.
 *
 * @param folder has a certificate and its key, `server.pem` and `server.key`;
 *   without any there is no TLS
 */
export function listenFor(folder: string | undefined): Deno.Listener {
  const options = { hostname: "127.0.0.1", port: 0 };
  if (folder === undefined) return Deno.listen(options);
  const cert = Deno.readTextFileSync(`${folder}/server.pem`);
  const key = Deno.readTextFileSync(`${folder}/server.key`);
  return Deno.listenTls({ ...options, cert, key });
}
