/** Says why a UNIX socket can neither be listened on nor connected to. */
import { ClientFactory, Protocol, Reactor } from "../../../mod.ts";
import { denoBackend } from "../../../reactor/backends/deno/backend.ts";
import { Factory, type Failure } from "../../../mod.ts";

const [path = ""] = Deno.args;
const reactor = new Reactor({ backend: denoBackend });
try {
  reactor.listenUNIX(path, Factory.forProtocol(Protocol));
} catch (error) {
  console.log(`${error}`);
}

class Refused extends ClientFactory {
  override noisy = false;
  override clientConnectionFailed(_connector: unknown, reason: Failure): void {
    console.log(`${reason.value}`);
    reactor.stop();
  }
}
reactor.connectUNIX(path, new Refused());
await reactor.run();
