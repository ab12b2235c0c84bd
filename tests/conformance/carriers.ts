// What a connection can go over, for tests of what holds over all of that.

import { certificates } from "../support/certificates.ts";
import type { Suite } from "./conformance.ts";
import { HOST, type Network, type PairHooks, type Side } from "./network.ts";
import { Sockets } from "./sockets.ts";

/** What a connection goes over. */
export type Carrier = "TCP" | "UNIX" | "TLS";

export const CARRIERS: readonly Carrier[] = ["TCP", "UNIX", "TLS"];

/** A server and a client that is connected to it, over anything. */
export interface Pair {
  server: Side;
  client: Side;
  port: { stopListening(): PromiseLike<void> };
}

/** Connects two sides over TLS. */
function securePair(net: Network, hooks: PairHooks) {
  const [server, client] = [
    net.side("server", hooks.server),
    net.side("client", hooks.client),
  ];
  const port = net.reactor.listenSSL(0, server, {
    interface: HOST,
    ...certificates().server,
  });
  net.reactor.connectSSL(HOST, port.getHost().port, client, {
    hostname: "localhost",
    caCerts: [certificates().root.cert],
  });
  return { server, client, port };
}

/** Defines a test for each of the carriers. */
export function overEach(
  { test }: Suite,
  carriers: readonly Carrier[],
  name: string,
  fn: (
    net: Network,
    pair: (hooks: PairHooks) => Pair,
  ) => Promise<void>,
): void {
  for (const carrier of carriers) {
    test(`${name}, over ${carrier}`, async (net) => {
      if (carrier === "TCP") {
        return fn(net, (hooks) => net.pair(hooks));
      }
      if (carrier === "TLS") {
        return fn(net, (hooks) => securePair(net, hooks));
      }
      const folder = Deno.makeTempDirSync();
      try {
        const sockets = new Sockets(net, folder);
        await fn(net, (hooks) => sockets.pair(hooks));
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    });
  }
}
