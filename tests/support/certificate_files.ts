// The certificates of tests, in files.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { certificates } from "./certificates.ts";

/** A folder with certificates. Disposing of it removes it. */
export interface CertificateFiles extends Disposable {
  /** The certificate of a server. */
  readonly cert: string;
  /** Its key. */
  readonly key: string;
  /** Both of a client in one file. */
  readonly client: string;
  /** A folder with the root that has signed them. */
  readonly roots: string;
  /** A folder with a root that has not. */
  readonly strangers: string;
}

/** Writes them. */
export function writeCertificates(): CertificateFiles {
  const { server, client, root, stranger } = certificates();
  const dir = mkdtempSync(join(tmpdir(), "certificate-files-"));
  const write = (name: string, text: string) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  for (const folder of ["roots", "strangers"]) mkdirSync(join(dir, folder));
  write("roots/root.pem", root.cert);
  write("strangers/stranger.pem", stranger.cert);
  return {
    cert: write("server.pem", server.cert),
    key: write("server.key", server.key),
    client: write("client.pem", client.key + client.cert),
    roots: join(dir, "roots"),
    strangers: join(dir, "strangers"),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true }),
  };
}
