/**
 * Receives it all with a protocol. Its arguments are the sender's port and, if it may
 * keep what it gets, "keep", or over TLS, "tls".
 */

import { ClientFactory, Deferred, Protocol, reactor } from "../../mod.ts";
import { answer } from "./answer.ts";
import { checkTotal, mebibytesPerSecond } from "./stream.ts";

const port = Number(Deno.args[0]);

class ReceivingFactory extends ClientFactory {
  override protocol = ReceivingProtocol;
  /** Fires with the number of bytes when the connection is over. */
  readonly received = new Deferred<number>();
}

class ReceivingProtocol extends Protocol {
  declare factory: ReceivingFactory;
  override readonly releasesData = Deno.args[1] !== "keep";
  #received = 0;

  override dataReceived(data: Uint8Array): void {
    this.#received += data.length;
  }

  override connectionLost(): void {
    this.factory.received.callback(this.#received);
  }
}

function receive(): Promise<void> {
  const factory = new ReceivingFactory();
  if (Deno.args[1] === "tls") reactor.connectSSL("localhost", port, factory);
  else reactor.connectTCP("127.0.0.1", port, factory);
  return factory.received.addCallback(checkTotal).toPromise();
}

await Promise.all([
  reactor.run(),
  answer(0, () => mebibytesPerSecond(receive)),
]);
