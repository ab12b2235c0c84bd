/** Serves slow poems as slowpoetry-reactor.ts does, and tells how it fares. */

import { type Address, type ProtocolWrapper, reactor } from "../../mod.ts";
import { SlowPoetryFactory } from "../../server/slowpoetry-reactor.ts";
import { answer } from "./answer.ts";
import { logNowhere, Observer, PACE, POEM } from "./slow_poems.ts";

const observer = new Observer((seconds, fn) => reactor.callLater(seconds, fn));

class ObservedFactory extends SlowPoetryFactory {
  override buildProtocol(address: Address) {
    observer.opened();
    return super.buildProtocol(address);
  }
  override unregisterProtocol(wrapper: ProtocolWrapper) {
    super.unregisterProtocol(wrapper);
    observer.closed();
  }
}

const options = { pace: PACE, log: logNowhere() };
const factory = new ObservedFactory(reactor, POEM, options);
const port = reactor.listenTCP(0, factory, {
  interface: "127.0.0.1",
});

await Promise.all([
  reactor.run(),
  answer(port.getHost().port, (order) => observer.figure(order)),
]);
