import { assertEquals } from "@std/assert";
import {
  type Backend,
  ClientFactory,
  ConnectionLost,
  createMemoryBackend,
  Factory,
  type Failure,
  Protocol,
  type ReadinessObserver,
  type Stream,
  type Transport,
} from "../../../mod.ts";
import {
  makeReactor,
  portOf,
  runReactor,
  turns,
} from "../../support/reactors.ts";

/** What a test does to the connections of a backend. */
interface Loss {
  lost: ConnectionLost | undefined;
  /** Those that wait for room. */
  writers: ReadinessObserver[];
}

/** Streams on which what was sent is under way until the test says that it is lost. */
function losing(backend: Backend, loss: Loss): Backend {
  const wrapped = (stream: Stream): Stream => {
    let isSending = false;
    return new Proxy(stream, {
      get(target, name) {
        if (name === "lost") return loss.lost;
        if (name === "send") {
          return (bytes: Uint8Array) => {
            isSending = true;
            return bytes.length;
          };
        }
        if (name === "pollWrite") {
          return (observer: ReadinessObserver) => {
            if (isSending && !loss.lost) loss.writers.push(observer);
            else observer.writable();
          };
        }
        const value = Reflect.get(target, name, target);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  };
  return {
    ...backend,
    connect: (options, done) =>
      backend.connect(
        options,
        (made) => done(made instanceof Error ? made : wrapped(made)),
      ),
  };
}

const QUIET: Record<string, (client: Transport, server: Transport) => void> = {
  "is paused": (client) => client.pauseProducing(),
  "has got EOF": (_, server) => server.loseWriteConnection(),
};

for (const [what, beQuiet] of Object.entries(QUIET)) {
  Deno.test(`connection: a small write that is lost ends one that ${what}`, async () => {
    const loss: Loss = { lost: undefined, writers: [] };
    const { reactor } = makeReactor({
      backend: losing(createMemoryBackend(), loss),
    });
    const server = new Protocol();
    let reason: unknown;
    class Client extends Protocol {
      override connectionMade(): void {
        this.transport.write(new Uint8Array(1));
        void this.#lose();
      }
      readConnectionLost(): void {}
      override connectionLost(why: Failure): void {
        reason = why.value;
        reactor.stop();
      }
      async #lose(): Promise<void> {
        await turns(reactor, 3);
        beQuiet(this.transport, server.transport);
        await turns(reactor, 3);
        loss.lost = new ConnectionLost("The peer has refused it");
        for (const writer of loss.writers) writer.writable();
      }
    }
    const factory = new Factory();
    factory.buildProtocol = () => server;
    const port = reactor.listenTCP(0, factory);
    const to = portOf(port.getHost());
    reactor.connectTCP("127.0.0.1", to, ClientFactory.forProtocol(Client));
    await runReactor(reactor);
    assertEquals(reason, loss.lost);
  });
}
