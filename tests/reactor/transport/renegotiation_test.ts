import { assertEquals, assertMatch } from "@std/assert";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ClientFactory,
  Factory,
  type Failure,
  Protocol,
  runtimeBackend,
  SSLError,
} from "../../../mod.ts";
import { certificates } from "../../support/certificates.ts";
import { makeReactor, runWith } from "../../support/reactors.ts";

/** One side of a connection whose peer, openssl, is told to begin anew. */
class Renegotiated extends Protocol {
  static peer: ChildProcess | undefined;
  static letter = "R";
  static lost: (reason: unknown) => void = () => {};
  received = "";

  override dataReceived(data: Uint8Array): void {
    this.received += new TextDecoder().decode(data);
    if (this.received === "one\n") {
      Renegotiated.peer?.stdin?.write(`${Renegotiated.letter}\n`);
    }
  }

  override connectionLost(reason: Failure): void {
    Renegotiated.lost(reason.value);
  }
}

function openssl(...args: string[]): ChildProcess {
  return spawn("openssl", [...args, "-tls1_2"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
}

/** Waits until a program has printed something. */
function printed({ stdout }: ChildProcess, text: RegExp): Promise<string> {
  let all = "";
  return new Promise((resolve) => {
    stdout?.on("data", (piece) => {
      all += piece;
      if (text.test(all)) resolve(all);
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.on("close", () => resolve());
    child.stdin?.end();
    child.kill("SIGKILL");
  });
}

function lost(): Promise<unknown> {
  return new Promise((resolve) => Renegotiated.lost = resolve);
}

function messageOf(reason: unknown): string {
  if (reason instanceof SSLError) return reason.message;
  throw new Error(`This is no SSLError: ${reason}`);
}

const REFUSED =
  /renegotiation, which is refused|renegotiation disabled|HandshakeFailure/;

Deno.test("TLS renegotiation: a client that renegotiates loses its connection, and the server gets the reason", async () => {
  const { reactor, errors } = makeReactor({ backend: runtimeBackend });
  const { cert, key } = certificates().server;
  const server = Factory.forProtocol(Renegotiated);
  const tls = { cert, key, interface: "127.0.0.1" };
  const port = reactor.listenSSL(0, server, tls);
  let child: ChildProcess | undefined;
  await runWith(reactor, async () => {
    const reason = lost();
    const to = `127.0.0.1:${port.getHost().port}`;
    child = openssl("s_client", "-quiet", "-no_ign_eof", "-connect", to);
    Renegotiated.peer = child;
    Renegotiated.letter = "R";
    child.stdin?.write("one\n");
    const why = await reason;
    assertMatch(messageOf(why), REFUSED);
  });
  if (child !== undefined) await ended(child);
  assertEquals(errors, []);
});

Deno.test("TLS renegotiation: a server that renegotiates loses its connection, and the client gets the reason", async () => {
  const { reactor, errors } = makeReactor({ backend: runtimeBackend });
  const { cert, key } = certificates().server;
  const folder = mkdtempSync(join(tmpdir(), "renegotiation-"));
  const pem = join(folder, "server.pem");
  writeFileSync(pem, `${cert}\n${key}`);
  const child = openssl("s_server", "-accept", "127.0.0.1:0", "-cert", pem);
  const [, number] = /ACCEPT \S*:(\d+)/.exec(
    await printed(child, /ACCEPT \S*:\d+/),
  ) ?? [];
  const client = ClientFactory.forProtocol(Renegotiated);
  client.noisy = false;
  await runWith(reactor, async () => {
    const reason = lost();
    Renegotiated.peer = child;
    Renegotiated.letter = "r";
    const connected = printed(child, /CIPHER is/);
    reactor.connectSSL("127.0.0.1", Number(number), client, {
      caCerts: [certificates().root.cert],
    });
    await connected;
    child.stdin?.write("one\n");
    const why = await reason;
    assertMatch(messageOf(why), REFUSED);
  });
  await ended(child);
  rmSync(folder, { recursive: true });
  assertEquals(errors, []);
});
