/**
 * Much data over one connection with TLS, in either direction.
 *
 * The certificate is made for the occasion, and both sides are told to trust it
 * as one of the usual roots: `deno run --cert`.
 *
 * @module
 */

import { contender, denoProgram, Program } from "./program.ts";
import type { Contender, Resource, Scenario } from "./scenario.ts";

const NET = "--allow-net=127.0.0.1,localhost";

/** Where the certificate is while it is needed. */
const FOLDER = `/tmp/deferno-bench-${Deno.pid}`;

/** What each of these takes, for `openssl`. */
const KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

function openssl(...args: string[]): void {
  const command = new Deno.Command("openssl", { args, cwd: FOLDER });
  const { success, stderr } = command.outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** The certificate, and the root that has signed it. */
const certificate: Resource = {
  start() {
    new Deno.Command("mkdir", { args: ["-p", FOLDER] }).outputSync();
    const root = ["-keyout", "root.key", "-out", "root.pem"];
    openssl("req", "-x509", "-subj", "/CN=A root", ...KEY, ...root);
    const name = ["-subj", "/CN=localhost"];
    const names = ["-addext", "subjectAltName=DNS:localhost"];
    const by = ["-CA", "root.pem", "-CAkey", "root.key"];
    const noRoot = ["-addext", "basicConstraints=critical,CA:FALSE"];
    const files = ["-keyout", "server.key", "-out", "server.pem"];
    const args = [...name, ...names, ...noRoot, ...by, ...KEY, ...files];
    openssl("req", "-x509", ...args);
    return Promise.resolve();
  },
  end() {
    new Deno.Command("rm", { args: ["-r", FOLDER] }).outputSync();
    return Promise.resolve();
  },
};

function peer(file: string): Program {
  return new Program([
    ...denoProgram(file, NET, `--allow-read=${FOLDER}`),
    FOLDER,
  ]);
}

function flow(with_: Program, label: string, file: string): Contender {
  const trust = ["--cert", `${FOLDER}/root.pem`];
  const args = () => [with_.greeting, "tls"];
  return contender(label, denoProgram(file, NET, ...trust), args);
}

const drain = peer("programs/drain_deno.ts");
const flood = peer("programs/flood_deno.ts");

const PROFILE =
  "node:tls lets TLS run over any transport and begin at any time, and hands each record through JavaScript: 1.2 to 1.5 s of a processor for 1 GiB, as much as a plain node:tls socket, where Deno.connectTls takes 0.6 to 0.7. The library is 4 in 100 of it.";

function sent(label: string, file: string): Omit<Scenario, "against"> {
  return {
    name: "1 GiB sent over one connection with TLS",
    unit: "MiB/s",
    shared: [certificate, drain],
    ours: flow(drain, "transport.write", "programs/send_deferno.ts"),
    peer: flow(drain, label, file),
    atLeast: 0.9,
    profile: PROFILE,
  };
}

function received(label: string, file: string): Omit<Scenario, "against"> {
  return {
    name: "1 GiB received over one connection with TLS",
    unit: "MiB/s",
    shared: [certificate, flood],
    ours: flow(flood, "dataReceived", "programs/receive_deferno.ts"),
    peer: flow(flood, label, file),
    // The sender encrypts more slowly than either side decrypts.
    by: "cpu",
    atLeast: 0.95,
    profile: PROFILE,
  };
}

/** The scenarios about TLS. */
export const tlsScenarios: Scenario[] = [
  {
    against: "a Deno.connectTls loop",
    ...sent("conn.write", "programs/send_deno.ts"),
  },
  {
    against: "node:tls on Deno",
    ...sent("socket.write", "programs/send_node_tls.ts"),
  },
  {
    against: "a Deno.connectTls loop",
    ...received("conn.read", "programs/receive_deno.ts"),
  },
  {
    against: "node:tls on Deno",
    ...received("data event", "programs/receive_node_tls.ts"),
  },
];
