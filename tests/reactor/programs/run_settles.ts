/** Shows that a run settles, inside a function, however it is stopped. */
import { ClientFactory, Factory, Protocol, reactor } from "../../../mod.ts";
import { certificates } from "../../support/certificates.ts";

const [carrier = "", how = "", path = ""] = Deno.args;

class Stopping extends Protocol {
  override connectionMade(): void {
    if (how === "a connection") reactor.stop();
  }
}

function listen(): void {
  const factory = Factory.forProtocol(Stopping);
  const options = { interface: "127.0.0.1" };
  if (carrier === "UNIX") {
    reactor.listenUNIX(path, factory);
    reactor.connectUNIX(path, ClientFactory.forProtocol(Protocol));
  } else {
    const { port } = carrier === "TLS"
      ? reactor.listenSSL(0, factory, { ...options, ...certificates().server })
        .getHost()
      : reactor.listenTCP(0, factory, options).getHost();
    const client = ClientFactory.forProtocol(Protocol);
    if (carrier === "TLS") {
      reactor.connectSSL("127.0.0.1", port, client, { verify: false });
    } else reactor.connectTCP("127.0.0.1", port, client);
  }
}

async function main(): Promise<void> {
  listen();
  if (how === "a delayed call") reactor.callLater(0.05, () => reactor.stop());
  if (how === "callFromThread") reactor.callFromThread(() => reactor.stop());
  if (how === "a signal") {
    reactor.callLater(0.05, () => Deno.kill(Deno.pid, "SIGTERM"));
  }
  await reactor.run();
  console.log("run returned");
}

main();
