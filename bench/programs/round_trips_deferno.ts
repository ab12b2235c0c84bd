/**
 * Times round trips with a protocol. Its arguments are the port, what is sent, and
 * the figure.
 */

import {
  ClientFactory,
  Deferred,
  type Failure,
  Protocol,
  reactor,
} from "../../mod.ts";
import { answer } from "./answer.ts";
import { ANSWER, BODY, HEADER, PING, Stopwatch } from "./round_trips.ts";

const [port, what, figure] = Deno.args;
const stopwatch = new Stopwatch(what, figure);

class TimingFactory extends ClientFactory {
  /** Fires with the figure after the last round trip. */
  readonly done = new Deferred<number>();
}

abstract class Timing extends Protocol {
  declare factory: TimingFactory;
  override readonly releasesData = true;
  abstract readonly size: number;
  #received = 0;

  abstract send(): void;

  override connectionMade(): void {
    stopwatch.start();
    this.send();
  }

  override dataReceived(data: Uint8Array): void {
    this.#received += data.length;
    if (this.#received < this.size) return;
    this.#received = 0;
    if (!stopwatch.lap()) return this.send();
    this.factory.done.callback(stopwatch.figure);
    this.transport.loseConnection();
  }

  override connectionLost(reason: Failure): void {
    if (!this.factory.done.called) this.factory.done.errback(reason);
  }
}

class Pings extends Timing {
  override readonly size = PING.length;
  override send(): void {
    this.transport.write(PING);
  }
}

class Messages extends Timing {
  override readonly size = ANSWER.length;
  override send(): void {
    this.transport.write(HEADER);
    this.transport.write(BODY);
  }
}

function measure(): Promise<number> {
  const factory = new TimingFactory();
  factory.protocol = what === "pings" ? Pings : Messages;
  reactor.connectTCP("127.0.0.1", Number(port), factory);
  return factory.done.toPromise();
}

await Promise.all([reactor.run(), answer(0, measure)]);
