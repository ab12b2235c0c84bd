// Connects to a port over TLS, trusting whom the runtime trusts, and says what
// was agreed upon.

import {
  ClientFactory,
  type Failure,
  Protocol,
  reactor,
} from "../../../mod.ts";

class Asking extends Protocol {
  override handshakeCompleted(): void {
    const { subject } = this.transport.getPeerCertificate() ?? {};
    console.log(this.transport.negotiatedProtocol, subject?.CN);
    this.transport.loseConnection();
  }

  override connectionLost(reason: Failure): void {
    console.log(reason.type?.name);
    reactor.stop();
  }
}

const client = ClientFactory.forProtocol(Asking);
client.noisy = false;
reactor.connectSSL("localhost", Number(Deno.args[0]), client, {
  alpnProtocols: ["poem/2", "poem/1"],
});
await reactor.run();
