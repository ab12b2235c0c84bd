import type { Backend, PrepareTLSOptions } from "../backend.ts";
import type { ClientTLSOptions, ServerTLSOptions } from "../tls_options.ts";
import { checkTLSOptions, tlsLayer } from "../transport/tls_layer.ts";
import type { Arguments } from "./description.ts";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs;
const PRIVATE_KEY =
  /-----BEGIN ([A-Z]+ )?PRIVATE KEY-----.+?-----END ([A-Z]+ )?PRIVATE KEY-----/gs;

export interface ClientFileNames {
  readonly cert: string;
  /** By default in the certificate's file. */
  readonly key: string;
  readonly roots: string;
}

/**
 * @throws {TypeError} if a file holds no certificate or key
 * @throws {Error} if it cannot be read
 */
export function readClientFiles(
  backend: Backend,
  args: Arguments,
  names: ClientFileNames,
): Pick<ClientTLSOptions, "cert" | "key" | "caCerts"> {
  const roots = args.optional(names.roots);
  const caCerts = roots === undefined ? undefined : readRoots(backend, roots);
  const cert = args.optional(names.cert);
  const key = args.optional(names.key) ?? cert;
  if (cert === undefined && key !== undefined) {
    throw new TypeError(`there is no ${names.cert} for the ${names.key}`);
  }
  if (cert === undefined || key === undefined) return { caCerts };
  return {
    caCerts,
    cert: readCertificates(backend, cert),
    key: readKey(backend, key),
  };
}

/** Throws as `readClientFiles`. */
export function readServerFiles(
  backend: Backend,
  args: Arguments,
): ServerTLSOptions {
  const privateKey = args.optional("privateKey") ?? "server.pem";
  const certKey = args.optional("certKey") ?? privateKey;
  const chain = args.optional("extraCertChain");
  const certs = [certKey, ...chain === undefined ? [] : [chain]];
  return {
    cert: certs.map((path) => readCertificates(backend, path)).join("\n"),
    key: readKey(backend, privateKey),
  };
}

export function checkTLS(backend: Backend, options: PrepareTLSOptions): void {
  checkTLSOptions(options);
  if (backend.prepareTLS !== undefined) tlsLayer(backend, options);
}

function readRoots(backend: Backend, folder: string): string[] {
  if (backend.listFolder === undefined) throw noFiles(backend);
  const roots = backend.listFolder(folder)
    .filter((name) => /\.pem$/i.test(name))
    .flatMap((name) => certificatesIn(backend, `${folder}/${name}`));
  if (roots.length > 0) return roots;
  throw new TypeError(
    `${folder} holds no certificate to trust: they are in files named *.pem`,
  );
}

/** An unreadable file is skipped: it is one of many. */
function certificatesIn(backend: Backend, path: string): string[] {
  try {
    return blocks(readText(backend, path), CERTIFICATE);
  } catch {
    return [];
  }
}

function readCertificates(backend: Backend, path: string): string {
  const certificates = blocks(readText(backend, path), CERTIFICATE);
  if (certificates.length > 0) return certificates.join("\n");
  throw new TypeError(`${path} holds no certificate in the PEM form`);
}

function readKey(backend: Backend, path: string): string {
  const [key] = blocks(readText(backend, path), PRIVATE_KEY);
  if (key !== undefined) return key;
  throw new TypeError(`${path} holds no private key in the PEM form`);
}

function readText(backend: Backend, path: string): string {
  if (backend.readTextFile === undefined) throw noFiles(backend);
  return backend.readTextFile(path);
}

function blocks(text: string, pattern: RegExp): string[] {
  return Array.from(text.matchAll(pattern), ([block]) => `${block}\n`);
}

function noFiles({ name }: Backend): Error {
  return new Error(`the backend ${name} has no files`);
}
