import { assertEquals } from "@std/assert";
import {
  ClientFactory,
  Clock,
  type Connector,
  type Failure,
  Protocol,
} from "../../../mod.ts";
import { denoBackend } from "../../../reactor/backends/deno/backend.ts";
import { nodeBackend } from "../../../reactor/backends/node/backend.ts";
import { makeReactor, runWith, turns } from "../../support/reactors.ts";

/** A port at which nobody else can wait: to connect to it takes for ever. */
interface FullPort extends Disposable {
  /** Its number. */
  port: number;
}

async function fullPort(): Promise<FullPort> {
  const hostname = "127.0.0.1";
  const listener = Deno.listen({ hostname, port: 0, tcpBacklog: 1 });
  const { port } = listener.addr;
  // The system lets one more wait than it was told.
  const waiting = [
    await Deno.connect({ hostname, port }),
    await Deno.connect({ hostname, port }),
  ];
  return {
    port,
    [Symbol.dispose]() {
      for (const open of [...waiting, listener]) open.close();
    },
  };
}

/** How an attempt can end that the other end never answers, and the reason. */
const ENDS: [
  what: string,
  reason: string,
  end: (connector: Connector, clock: Clock) => void,
][] = [
  ["fails when its timeout has passed", "ConnectTimeoutError", (_, clock) => {
    clock.advance(5);
  }],
  ["can be stopped", "UserError", (connector) => connector.stopConnecting()],
  ["ends with the reactor", "ConnectError", () => {}],
];

for (const backend of [denoBackend, nodeBackend]) {
  for (const [what, reason, end] of ENDS) {
    Deno.test(`full backlog, ${backend.name}: an attempt at a port whose backlog is full ${what}`, async () => {
      using full = await fullPort();
      const clock = new Clock();
      const { reactor, errors } = makeReactor({ backend, clock });
      const reasons: (string | undefined)[] = [];
      class Waiting extends ClientFactory {
        override noisy = false;
        override protocol = Protocol;
        override clientConnectionFailed(_: Connector, why: Failure): void {
          reasons.push(why.type?.name);
        }
      }
      const factory = new Waiting();
      await runWith(reactor, async () => {
        const connector = reactor.connectTCP("127.0.0.1", full.port, factory, {
          timeout: 5,
        });
        await turns(reactor, 50);
        assertEquals([connector.state, reasons], ["connecting", []]);
        end(connector, clock);
      });
      assertEquals([reasons, errors], [[reason], []]);
      assertEquals([factory.numPorts, clock.getDelayedCalls()], [0, []]);
    });
  }
}
