/**
 * A server with few descriptors, which answers so many clients as it is told and
 * hangs up on none of them.
 */
import { ClientFactory, Factory, Protocol, reactor } from "../../../mod.ts";

const options = { interface: "127.0.0.1", backlog: 500 };
let left = Number(Deno.args[0]);

class Answering extends Protocol {
  override dataReceived(data: Uint8Array): void {
    this.transport.write(data);
  }
  override connectionLost(): void {
    if (--left > 0) return;
    console.log(`descriptors left over: ${countDescriptors() - before}`);
    reactor.stop();
  }
}

class Failing extends ClientFactory {
  override noisy = false;
  override protocol = Protocol;
  override clientConnectionFailed(
    _: unknown,
    reason: { value: unknown },
  ): void {
    console.log(`${reason.value}`);
  }
}

/** How many descriptors the whole process has, where the system tells. */
function countDescriptors(): number {
  try {
    return [...Deno.readDirSync("/proc/self/fd")].length;
  } catch {
    return 0;
  }
}

/** What else needs a descriptor, and gets none now. */
function tryOthers(): void {
  try {
    reactor.listenTCP(0, new Factory(), options);
  } catch (error) {
    console.log(`${error}`);
  }
  reactor.connectTCP("127.0.0.1", port.getHost().port, new Failing());
}

reactor.log.addObserver(({ level, text, failure }) => {
  if (level === "info") return console.log(text);
  console.log([text, failure?.value].join(" "));
  if (text.startsWith("Cannot accept")) tryOthers();
});
const factory = Factory.forProtocol(Answering);
factory.noisy = false;
const port = reactor.listenTCP(0, factory, options);
let before = 0;
reactor.callLater(0, () => {
  before = countDescriptors();
  console.log(`Listening on port ${port.getHost().port}.`);
});
await reactor.run();
