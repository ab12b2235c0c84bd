/**
 * Sends it all with a protocol. Its arguments are the receiver's port and, if it is
 * to do so over TLS, "tls".
 */

import {
  ClientFactory,
  CONNECTION_DONE,
  Deferred,
  type Failure,
  Protocol,
  reactor,
} from "../../mod.ts";
import { answer } from "./answer.ts";
import { CHUNK, mebibytesPerSecond, TOTAL } from "./stream.ts";

const port = Number(Deno.args[0]);
const chunk = new Uint8Array(CHUNK);

class SendingFactory extends ClientFactory {
  override protocol = SendingProtocol;
  /** Fires when the receiver has closed the connection, because it has it all. */
  readonly done = new Deferred<void>();
}

class SendingProtocol extends Protocol {
  declare factory: SendingFactory;

  override connectionMade(): void {
    // A write takes the bytes as they are: it is one chunk of memory.
    for (let sent = 0; sent < TOTAL; sent += chunk.length) {
      this.transport.write(chunk);
    }
  }

  override connectionLost(reason: Failure): void {
    if (reason.value === CONNECTION_DONE) this.factory.done.callback();
    else this.factory.done.errback(reason);
  }
}

function send(): Promise<void> {
  const factory = new SendingFactory();
  if (Deno.args[1] === "tls") reactor.connectSSL("localhost", port, factory);
  else reactor.connectTCP("127.0.0.1", port, factory);
  return factory.done.toPromise();
}

await Promise.all([reactor.run(), answer(0, () => mebibytesPerSecond(send))]);
