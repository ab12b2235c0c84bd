import { assertEquals, assertThrows } from "@std/assert";
import {
  CannotListenError,
  ClientFactory,
  Factory,
  type Failure,
  Protocol,
} from "../../mod.ts";
import { denoBackend } from "../../reactor/backends/deno/backend.ts";
import { makeReactor, runReactor, runWith } from "../support/reactors.ts";
import { poem, python, startTwisted, testWithTwisted } from "./support.ts";

/** A test with a path for a socket. */
function test(name: string, fn: (path: string) => Promise<void>): void {
  testWithTwisted(name, async () => {
    const folder = Deno.makeTempDirSync();
    try {
      await fn(`${folder}/socket`);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  });
}

function startServer(path: string) {
  const args = [path, "poetry/science.txt"];
  return startTwisted("unix_server.py", args, /process (\d+)\.$/m);
}

/** Reads all that a server sends to a client with checkPID, or why there is none. */
async function read(path: string): Promise<string> {
  const { reactor } = makeReactor({ backend: denoBackend });
  let text = "";
  class Reading extends Protocol {
    override dataReceived(data: Uint8Array): void {
      text += new TextDecoder().decode(data);
    }
  }
  class Reader extends ClientFactory {
    override protocol = Reading;
    override noisy = false;
    override clientConnectionFailed(_: unknown, reason: Failure): void {
      text = `${reason.type?.name}`;
    }
    override stopFactory(): void {
      reactor.stop();
    }
  }
  reactor.connectUNIX(path, new Reader(), { checkPID: true });
  await runReactor(reactor);
  return text;
}

class Poet extends Protocol {
  override connectionMade(): void {
    this.transport.write(new TextEncoder().encode(poem("science")));
    this.transport.loseConnection();
  }
}

/** Listens with wantPID while a function runs. */
async function listening(
  path: string,
  fn: () => Promise<unknown>,
): Promise<void> {
  const { reactor } = makeReactor({ backend: denoBackend });
  const factory = Factory.forProtocol(Poet);
  factory.noisy = false;
  reactor.listenUNIX(path, factory, { wantPID: true });
  await runWith(reactor, fn);
}

test("a client with checkPID reads the poem of Twisted's server with wantPID", async (path) => {
  await using _ = await startServer(path);
  assertEquals(await read(path), poem("science"));
});

test("the lock of Twisted's server is respected as long as it lives, and then taken over", async (path) => {
  await using server = await startServer(path);
  assertThrows(
    () =>
      makeReactor({ backend: denoBackend }).reactor.listenUNIX(
        path,
        new Factory(),
        { wantPID: true },
      ),
    CannotListenError,
    `process ${
      server.said[1]
    } has locked it with ${path}.lock, and listens there`,
  );
  await server.kill();
  assertEquals(await read(path), "BadFileError");
  await listening(path, async () => {
    const { code, stdout } = await python("unix_client.py", [path]).output();
    assertEquals([code, new TextDecoder().decode(stdout)], [
      0,
      poem("science"),
    ]);
  });
});
