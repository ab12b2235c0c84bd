/**
 * Receives all the messages with a protocol. Its arguments are the sender's port
 * and the name of the protocol.
 */

import {
  ClientFactory,
  Deferred,
  Int32StringReceiver,
  LineReceiver,
  NetstringReceiver,
  Protocol,
  reactor,
} from "../../mod.ts";
import { answer } from "./answer.ts";
import { messagesPerSecond, Tally } from "./messages.ts";

const [port, name = ""] = Deno.args;

class CountingFactory extends ClientFactory {
  readonly tally = new Tally();
  /** Fires when the connection is over. */
  readonly received = new Deferred<Tally>();
}

class Lines extends LineReceiver {
  declare factory: CountingFactory;
  override readonly releasesData = true;
  override lineReceived(line: Uint8Array): void {
    this.factory.tally.add(line);
  }
  override connectionLost(): void {
    this.factory.received.callback(this.factory.tally);
  }
}

/** Decodes what arrives at once, which is cheaper than line by line. */
class TextLines extends Protocol {
  declare factory: CountingFactory;
  override readonly releasesData = true;
  readonly #decoder = new TextDecoder();
  #rest = "";

  override dataReceived(data: Uint8Array): void {
    const text = this.#rest + this.#decoder.decode(data, { stream: true });
    const lines = text.split("\r\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.factory.tally.add(line);
  }
  override connectionLost(): void {
    this.factory.received.callback(this.factory.tally);
  }
}

class Netstrings extends NetstringReceiver {
  declare factory: CountingFactory;
  override readonly releasesData = true;
  override stringReceived(string: Uint8Array): void {
    this.factory.tally.add(string);
  }
  override connectionLost(): void {
    this.factory.received.callback(this.factory.tally);
  }
}

class Strings extends Int32StringReceiver {
  declare factory: CountingFactory;
  override readonly releasesData = true;
  override stringReceived(string: Uint8Array): void {
    this.factory.tally.add(string);
  }
  override connectionLost(): void {
    this.factory.received.callback(this.factory.tally);
  }
}

const PROTOCOLS: Record<string, new () => Protocol> = {
  LineReceiver: Lines,
  Protocol: TextLines,
  NetstringReceiver: Netstrings,
  Int32StringReceiver: Strings,
};

function receive(): Promise<Tally> {
  const factory = new CountingFactory();
  factory.protocol = PROTOCOLS[name];
  reactor.connectTCP("127.0.0.1", Number(port), factory);
  return factory.received.toPromise();
}

await Promise.all([
  reactor.run(),
  answer(0, () => messagesPerSecond(receive)),
]);
