import { assert, assertEquals } from "@std/assert";
import {
  Clock,
  Factory,
  LimitTotalConnectionsFactory,
  LineReceiver,
  type ProtocolWrapper,
  ThrottlingFactory,
  TimeoutFactory,
  WrappingFactory,
} from "../../../mod.ts";
import { AccumulatingProtocol, connectProtocols } from "../../../testing.ts";
import { bytes, pieceSizes, text } from "../protocols/support.ts";
import { PEER, present } from "./support.ts";

/** Sends every line back, up to the last one. */
class Echo extends LineReceiver {
  override lineReceived(line: Uint8Array): void {
    this.sendLine(line);
    if (text(line) === "last") this.transport.loseConnection();
  }
}

const inner = () => Factory.forProtocol(Echo);

/** Factories that wrap, each with the clock that it goes by. */
const POLICIES: Record<string, (clock: Clock) => Wrapping> = {
  WrappingFactory: () => new WrappingFactory(inner()),
  ThrottlingFactory: (clock) =>
    new ThrottlingFactory(inner(), { clock, readLimit: 5, writeLimit: 5 }),
  TimeoutFactory: (clock) =>
    new TimeoutFactory(inner(), { clock, timeoutPeriod: 1 }),
  LimitTotalConnectionsFactory: () => {
    const factory = LimitTotalConnectionsFactory.forProtocol(Echo);
    factory.connectionLimit = 1;
    return factory;
  },
};

interface Wrapping {
  noisy: boolean;
  buildProtocol(address: typeof PEER): ProtocolWrapper | null | undefined;
}

const LINES = Array.from({ length: 40 }, (_, at) => `line ${at}\r\n`).join("");

for (const [policy, make] of Object.entries(POLICIES)) {
  Deno.test(`${policy}: bytes go through in pieces of any size, both ways, to the last`, () => {
    for (const { name, size } of pieceSizes(40)) {
      const clock = new Clock();
      const factory = make(clock);
      factory.noisy = false;
      const wrapper = present(factory.buildProtocol(PEER));
      const pump = connectProtocols(new AccumulatingProtocol(), wrapper);
      const { client } = pump;
      client.transport.write(bytes(`${LINES}last\r\nnot seen\r\n`));
      for (let steps = 0; !client.closed && steps < 10_000; steps++) {
        // Each step takes its time, but no connection is idle.
        if (!pump.pump(size())) clock.advance(0.5);
        clock.advance(0.1);
      }
      assert(client.closed, name);
      assertEquals(text(client.data), `${LINES}last\r\n`, name);
      assertEquals(wrapper.wrappedProtocol, undefined, name);
      assertEquals(clock.getDelayedCalls(), [], name);
    }
  });
}
