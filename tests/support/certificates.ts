/**
 * Certificates for tests, made anew for each run by `openssl`.
 *
 * It is started in the way that Deno and Node have in common.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certified {
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  /** The root that tests trust. */
  readonly root: Certified;
  /** For `localhost` and 127.0.0.1, signed by the root. */
  readonly server: Certified;
  /** For `bücher.example`, as that is encoded, and `::1`, signed by the root. */
  readonly foreign: Certified;
  /** The same, but out of date. */
  readonly expired: Certified;
  /** For `poet`, signed by the root. */
  readonly client: Certified;
  /** Another root, which nobody trusts. */
  readonly stranger: Certified;
}

/** How long the certificates are valid, in days. */
const DAYS = 2;

let made: Certificates | undefined;

/** The certificates, made when they are first asked for. */
export function certificates(): Certificates {
  return made ??= makeAll();
}

function makeAll(): Certificates {
  const dir = mkdtempSync(join(tmpdir(), "certificates-"));
  try {
    const root = makeRoot(dir, "root");
    const stranger = makeRoot(dir, "stranger");
    const names = "subjectAltName=DNS:localhost,IP:127.0.0.1";
    return {
      root,
      stranger,
      server: sign(dir, { name: "localhost", extension: names, days: DAYS }),
      foreign: sign(dir, {
        name: "foreign",
        extension: "subjectAltName=DNS:xn--bcher-kva.example,IP:::1",
        days: DAYS,
      }),
      expired: sign(dir, { name: "late", extension: names, days: -1 }),
      client: sign(dir, {
        name: "poet",
        extension: "extendedKeyUsage=clientAuth",
        days: DAYS,
      }),
    };
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function openssl(dir: string, ...args: string[]): void {
  execFileSync("openssl", args, { cwd: dir, stdio: "pipe" });
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];

function makeRoot(dir: string, name: string): Certified {
  const files = ["-keyout", `${name}.key`, "-out", `${name}.pem`];
  const subject = ["-subj", `/CN=The ${name} of tests`];
  const options = ["-x509", "-nodes", "-days", `${DAYS}`, ...subject];
  openssl(dir, "req", ...options, ...NEW_KEY, ...files);
  return read(dir, name);
}

function sign(
  dir: string,
  { name, extension, days }: { name: string; extension: string; days: number },
): Certified {
  const files = ["-keyout", `${name}.key`, "-out", `${name}.csr`];
  openssl(dir, "req", "-nodes", "-subj", `/CN=${name}`, ...NEW_KEY, ...files);
  const extensions = `basicConstraints=CA:FALSE\n${extension}\n`;
  writeFileSync(join(dir, `${name}.ext`), extensions);
  const by = ["-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial"];
  const wishes = ["-days", `${days}`, "-extfile", `${name}.ext`];
  const inOut = ["-in", `${name}.csr`, "-out", `${name}.pem`];
  openssl(dir, "x509", "-req", ...by, ...wishes, ...inOut);
  return read(dir, name);
}

function read(dir: string, name: string): Certified {
  const text = (file: string) => readFileSync(join(dir, file), "utf8");
  return { cert: text(`${name}.pem`), key: text(`${name}.key`) };
}
