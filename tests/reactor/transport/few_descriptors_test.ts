import { assertEquals } from "@std/assert";
import { Program } from "../../support/programs.ts";

const FILE = "tests/reactor/programs/few_descriptors.ts";

/** What the server may open, the program itself included. */
const LIMIT = 100;

const PEERS = 110;

/** Asks a server something; whether it has answered. */
async function ask(peer: Deno.Conn): Promise<number | null> {
  await peer.write(new Uint8Array([1]));
  return await peer.read(new Uint8Array(1));
}

Deno.test("Port: a port for which descriptors have run out serves those who waited when there are some again", async () => {
  const permissions = ["--allow-net", "--allow-read"];
  const limits = { descriptors: LIMIT };
  await using program = new Program(FILE, [`${PEERS}`], permissions, limits);
  const { stdout } = program;
  const [, port] = await stdout.waitFor(/^Listening on port (\d+)\.$/m);
  const to = { hostname: "127.0.0.1", port: Number(port) };
  const peers: Deno.Conn[] = [];
  for (let i = 0; i < PEERS; i++) peers.push(await Deno.connect(to));
  const answers = peers.map(ask);
  await stdout.waitFor(/^ConnectError/m);
  // Who has been served makes room for another.
  const served = peers.map(async (peer, at) => {
    const count = await answers[at];
    peer.close();
    return count;
  });
  assertEquals(await Promise.all(served), Array(PEERS).fill(1));
  const { code, stdout: printed } = await program.outcome();
  const address = `IPv4Address(type='TCP', host='127.0.0.1', port=${port})`;
  assertEquals(code, 0);
  assertEquals(printed.split("\n"), [
    `Listening on port ${port}.`,
    `Cannot accept connections to ${address} for now, trying again every second: Error: Too many open files (os error 24)`,
    "CannotListenError: Cannot listen on 127.0.0.1:0: too many open files",
    `ConnectError: Cannot connect to 127.0.0.1:${port}: too many open files`,
    `Accepting connections to ${address} again`,
    "descriptors left over: 0",
    "",
  ]);
});
