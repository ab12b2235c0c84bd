import { assertEquals } from "@std/assert";
import { Factory, Protocol } from "../../../mod.ts";
import { denoBackend } from "../../../reactor/backends/deno/backend.ts";
import { certificates } from "../../support/certificates.ts";
import { makeReactor, runWith } from "../../support/reactors.ts";

/** What a client says in a program of its own, which is told whom to trust. */
async function ask(port: number, root: string): Promise<string> {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/root.pem`;
  await Deno.writeTextFile(file, root);
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-check",
      "--allow-net",
      "tests/reactor/programs/usual_roots.ts",
      `${port}`,
    ],
    env: { DENO_CERT: file },
    stderr: "inherit",
  });
  const { stdout } = await command.output();
  await Deno.remove(folder, { recursive: true });
  return new TextDecoder().decode(stdout);
}

Deno.test("TLS: a client that trusts the usual roots knows the chosen protocol, and the certificate of the peer", async () => {
  const { reactor } = makeReactor({ backend: denoBackend });
  const { cert, key } = certificates().server;
  const server = Factory.forProtocol(Protocol);
  const port = reactor.listenSSL(0, server, {
    interface: "127.0.0.1",
    cert,
    key,
    alpnProtocols: ["poem/1"],
  });
  await runWith(reactor, async () => {
    const to = port.getHost().port;
    assertEquals(
      await ask(to, certificates().root.cert),
      "poem/1 localhost\nConnectionDone\n",
    );
    assertEquals(
      await ask(to, certificates().stranger.cert),
      "CertificateError\n",
    );
  });
});
