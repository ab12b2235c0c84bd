/**
 * What an instrument costs that asks for nothing, beside none at all.
 *
 * @module
 */

import {
  ClientFactory,
  createMemoryBackend,
  Factory,
  type Instrument,
  Protocol,
  Reactor,
} from "../mod.ts";
import { rateOf } from "./jobs.ts";
import type { Scenario } from "./scenario.ts";

const MESSAGES = 20_000;

/** Has a message go to and fro in memory: there is no socket that hides the loop. */
async function echo(instrument?: Instrument): Promise<number> {
  const reactor = new Reactor({ backend: createMemoryBackend() });
  if (instrument !== undefined) reactor.addInstrument(instrument);
  let left = MESSAGES;

  class Echo extends Protocol {
    override dataReceived(data: Uint8Array): void {
      this.transport.write(data);
    }
  }

  class Greeter extends Protocol {
    override connectionMade(): void {
      this.transport.write(new Uint8Array(10));
    }
    override dataReceived(data: Uint8Array): void {
      if (--left === 0) reactor.stop();
      else this.transport.write(data);
    }
  }

  const port = reactor.listenTCP(0, Factory.forProtocol(Echo));
  const greeters = ClientFactory.forProtocol(Greeter);
  reactor.connectTCP("127.0.0.1", port.getHost().port, greeters);
  return await rateOf(
    MESSAGES,
    () => reactor.run({ installSignalHandlers: false }),
  );
}

/** The scenarios about instruments. */
export const instrumentScenarios: Scenario[] = [
  {
    name: "20,000 echoes in memory, with an empty instrument",
    against: "the same without one",
    unit: "echoes/s",
    ours: { label: "an empty instrument", run: () => echo({}) },
    peer: { label: "none", run: () => echo() },
    atLeast: 0.65,
  },
];
