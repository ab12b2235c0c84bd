/** Shows what keeps a program alive, and what does not. */
import {
  ClientFactory,
  Factory,
  install,
  Protocol,
  reactor,
  Socket,
  type Transport,
} from "../../../mod.ts";
import { denoBackend } from "../../../reactor/backends/deno/backend.ts";
import { nodeBackend } from "../../../reactor/backends/node/backend.ts";

const [mode = "", name = "deno"] = Deno.args;
const backend = name === "node" ? nodeBackend : denoBackend;
install(backend);

function connect(onConnected: (transport: Transport) => void): void {
  class Waiting extends Protocol {
    override connectionMade(): void {
      // Once both ends wait for something to read.
      const { transport } = this;
      const tell = () => onConnected(transport);
      reactor.callFromThread(() => reactor.callFromThread(tell));
    }
  }
  const factory = Factory.forProtocol(Protocol);
  const port = reactor.listenTCP(0, factory, { interface: "127.0.0.1" });
  const to = port.getHost().port;
  reactor.connectTCP("127.0.0.1", to, ClientFactory.forProtocol(Waiting));
}

switch (mode) {
  case "nothing open": {
    // A timer that keeps nothing alive sees whether the reactor does.
    const timer = setTimeout(() => {
      console.log("still here");
      reactor.stop();
    }, 50);
    Deno.unrefTimer(timer);
    break;
  }
  case "stopped":
    connect(() => reactor.stop());
    break;
  case "crashed":
    connect(() => reactor.crash());
    break;
  case "crashed while paused":
    connect((transport) => {
      transport.pauseProducing();
      reactor.crash();
    });
    break;
  case "run twice": {
    connect(() => reactor.crash());
    await reactor.run();
    connect(() => reactor.crash());
    break;
  }
  case "opened late":
    reactor.addSystemEventTrigger("after", "shutdown", () => connect(() => {}));
    reactor.callWhenRunning(() => reactor.stop());
    break;
  case "shared port": {
    const factory = Factory.forProtocol(Protocol);
    const shared = { interface: "127.0.0.1", reusePort: true };
    const { port } = reactor.listenTCP(0, factory, shared).getHost();
    reactor.listenTCP(port, factory, shared);
    reactor.callWhenRunning(() => reactor.stop());
    break;
  }
  case "exit":
    reactor.callLater(0, () => Deno.exit(3));
    break;
  case "call left": {
    reactor.callLater(1000, () => {});
    reactor.callWhenRunning(() => reactor.stop());
    break;
  }
  case "socket left": {
    const { port } = reactor.listenTCP(0, Factory.forProtocol(Protocol))
      .getHost();
    await Socket.connect({ hostname: "127.0.0.1", port }, backend);
    reactor.callWhenRunning(() => reactor.stop());
    break;
  }
}
await reactor.run();
console.log("run returned");
