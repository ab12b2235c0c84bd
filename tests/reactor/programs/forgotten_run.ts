/** Uses the default reactor and ends without `run()`, or after it. */
import {
  ClientFactory,
  createMemoryBackend,
  Deferred,
  Factory,
  install,
  log,
  Protocol,
  reactor,
} from "../../../mod.ts";
import { nodeBackend } from "../../../reactor/backends/node/backend.ts";

const ports = Factory.forProtocol(Protocol);
const clients = ClientFactory.forProtocol(Protocol);

async function forget() {
  await new Deferred();
}

const uses: Record<string, () => unknown> = {
  listens: () => reactor.listenTCP(0, ports, { interface: "127.0.0.1" }),
  "listens with Node's backend": () => {
    install(nodeBackend);
    reactor.listenTCP(0, ports, { interface: "127.0.0.1" });
  },
  connects: () => reactor.connectTCP("127.0.0.1", 1, clients),
  "calls later": () => reactor.callLater(1, () => {}),
  "awaits a deferred": () => {
    reactor.connectTCP("127.0.0.1", 1, clients);
    forget();
  },
  "awaits at the top level": async () => {
    reactor.connectTCP("127.0.0.1", 1, clients);
    await forget();
  },
  "listens in memory": () => {
    install(createMemoryBackend());
    reactor.listenTCP(1, ports);
  },
  "has a log observer": () => {
    log.addObserver(({ text, failure }) => {
      console.error(`${text}\n${failure?.getTraceback().trimEnd()}`);
    });
    reactor.callLater(1, () => {});
  },
  nothing: () => {},
  "exits by itself": () => {
    reactor.callLater(1, () => {});
    Deno.exit(0);
  },
  "asks the time": () => reactor.seconds(),
  "cancels its call": () => reactor.callLater(1, () => {}).cancel(),
  runs: () => {
    reactor.listenTCP(0, ports, { interface: "127.0.0.1" });
    reactor.callLater(60, () => {});
    reactor.callWhenRunning(() => reactor.stop());
    return reactor.run();
  },
  crashes: () => {
    reactor.callLater(60, () => {});
    reactor.callWhenRunning(() => reactor.crash());
    return reactor.run();
  },
};

const [use = ""] = Deno.args;
await uses[use]?.();
