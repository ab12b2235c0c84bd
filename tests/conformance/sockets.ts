// UNIX sockets for the suite: each test has a folder of its own for them.

import type {
  Connector,
  ConnectUNIXOptions,
  ListenUNIXOptions,
  Port,
  UNIXAddress,
} from "../../mod.ts";
import type { Suite } from "./conformance.ts";
import type { Hooks, Network, PairHooks, Side } from "./network.ts";

/** A network whose servers listen on UNIX sockets. */
export class Sockets {
  /** The network. */
  readonly net: Network;
  /** The path that is listened on, unless a test says otherwise. */
  readonly path: string;
  /** The folder that everything is in. */
  readonly folder: string;

  constructor(net: Network, folder: string, path = `${folder}/socket`) {
    this.net = net;
    this.folder = folder;
    this.path = path;
  }

  /** The same, with another path. */
  at(path: string): Sockets {
    return new Sockets(this.net, this.folder, path);
  }

  /** Listens on the path. */
  listen(
    hooks: Hooks = {},
    options: ListenUNIXOptions = {},
  ): { port: Port<UNIXAddress>; server: Side } {
    const server = this.net.side("server", hooks);
    const port = this.net.reactor.listenUNIX(this.path, server, options);
    return { port, server };
  }

  /** Connects to the path. */
  connect(
    hooks: Hooks = {},
    options: ConnectUNIXOptions = {},
  ): { connector: Connector; client: Side } {
    const client = this.net.side("client", hooks);
    const { reactor } = this.net;
    return {
      client,
      connector: reactor.connectUNIX(this.path, client, options),
    };
  }

  /** A server and a client that is connected to it. */
  pair(
    { server, client }: PairHooks = {},
  ): { port: Port<UNIXAddress>; server: Side; client: Side } {
    return { ...this.listen(server), ...this.connect(client) };
  }

  /** Tries to connect, and gives the reason why that failed. */
  async refusal(options: ConnectUNIXOptions = {}): Promise<Error> {
    let refusal: unknown;
    const { client } = this.connect({
      clientConnectionFailed: (_connector, reason) => refusal = reason.value,
    }, options);
    await this.net.runUntil("client clientConnectionFailed");
    if (refusal instanceof Error) return refusal;
    throw new Error(`There was no error: ${client.events}`);
  }

  /** Leaves a socket behind that nobody listens on, as a server that died. */
  leaveDead(): void {
    const { backend } = this.net;
    const path = `${this.folder}/dying`;
    const options = { path, backlog: 1, mode: 0o666, lock: false };
    const listener = backend.listenPath?.(options);
    // Who does not find its socket where it was leaves it alone.
    Deno.renameSync(path, this.path);
    listener?.close();
  }
}

/** A suite whose tests get sockets. */
export function withSockets(
  { test }: Suite,
): (name: string, fn: (sockets: Sockets) => void | Promise<void>) => void {
  return (name, fn) => {
    test(name, async (net) => {
      const folder = Deno.makeTempDirSync();
      try {
        await fn(new Sockets(net, folder));
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    });
  };
}
