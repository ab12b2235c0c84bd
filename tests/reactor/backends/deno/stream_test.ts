import { assert, assertEquals } from "@std/assert";
import {
  ClientFactory,
  Factory,
  type Failure,
  Protocol,
} from "../../../../mod.ts";
import { denoBackend } from "../../../../reactor/backends/deno/backend.ts";
import { makeReactor, portOf, runReactor } from "../../../support/reactors.ts";

const [FIRST, SECOND] = ["first", "second"].map((text) =>
  new TextEncoder().encode(text)
) as [Uint8Array, Uint8Array];

/** A server that gets two pieces, the second when it asks for it with a byte. */
async function receiveTwo(
  server: new () => Protocol,
): Promise<Failure | undefined> {
  const { reactor } = makeReactor({ backend: denoBackend });
  let reason: Failure | undefined;
  class Client extends Protocol {
    override connectionMade(): void {
      this.transport.write(FIRST);
    }
    override dataReceived(): void {
      this.transport.write(SECOND);
    }
  }
  class Server extends server {
    override connectionLost(why: Failure): void {
      reason = why;
      reactor.stop();
    }
  }
  const port = reactor.listenTCP(0, Factory.forProtocol(Server), {
    interface: "127.0.0.1",
  });
  const to = portOf(port.getHost());
  reactor.connectTCP("127.0.0.1", to, ClientFactory.forProtocol(Client));
  await runReactor(reactor);
  return reason;
}

/** Detaches the memory of an array. */
function transfer(data: Uint8Array): void {
  structuredClone(data, { transfer: [data.buffer as ArrayBuffer] });
}

for (const releasesData of [false, true]) {
  const whose = releasesData ? "released" : "kept";
  Deno.test(`DenoStream: ${whose} data may be transferred in dataReceived`, async () => {
    const texts: string[] = [];
    await receiveTwo(
      class extends Protocol {
        override releasesData = releasesData;
        override dataReceived(data: Uint8Array): void {
          texts.push(new TextDecoder().decode(data));
          transfer(data);
          if (texts.length === 2) return this.transport.loseConnection();
          this.transport.write(new Uint8Array(1));
        }
      },
    );
    assertEquals(texts, ["first", "second"]);
  });

  Deno.test(`DenoStream: ${whose} data that are transferred later break the connection, and say why`, async () => {
    const reason = await receiveTwo(
      class extends Protocol {
        override releasesData = releasesData;
        override dataReceived(data: Uint8Array): void {
          // The next read is under way when the loop comes round.
          setTimeout(() => {
            transfer(data);
            this.transport.write(new Uint8Array(1));
          });
        }
      },
    );
    assert(
      reason?.getErrorMessage().endsWith("transfer data.slice().buffer"),
      reason?.getErrorMessage(),
    );
  });
}
