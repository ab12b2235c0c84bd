import { assertEquals } from "@std/assert";
import {
  type Backend,
  Clock,
  createMemoryBackend,
  Factory,
  type Listener,
  Protocol,
  Socket,
} from "../../mod.ts";
import { makeReactor, runWith, turns } from "../support/reactors.ts";

/** A network whose ports cannot accept for so many times. */
function exhausted(times: number): Backend {
  const backend = createMemoryBackend();
  return {
    ...backend,
    listen(options) {
      const listener = backend.listen(options);
      const accept = (): ReturnType<Listener["accept"]> =>
        times-- > 0 ? new Error("too many open files") : listener.accept();
      return Object.create(listener, {
        address: { value: listener.address },
        accept: { value: accept },
        pollRead: { value: listener.pollRead.bind(listener) },
        close: { value: listener.close.bind(listener) },
      });
    },
  };
}

Deno.test("a port that cannot accept rests, says so, and goes on", async () => {
  const backend = exhausted(2);
  const clock = new Clock();
  const { reactor, errors } = makeReactor({ backend, clock });
  let made = 0;
  class Counting extends Protocol {
    override connectionMade(): void {
      made++;
    }
  }
  const port = reactor.listenTCP(0, Factory.forProtocol(Counting), {
    interface: "127.0.0.1",
  });
  const { host: hostname, port: number } = port.getHost();
  const socket = await Socket.connect({ hostname, port: number }, backend);
  const seen: number[][] = [];
  const look = () => {
    seen.push([made, errors.length, reactor.getReaders().length]);
  };
  await runWith(reactor, async () => {
    for (let second = 0; second < 3; second++) {
      await turns(reactor, 4);
      look();
      clock.advance(1);
    }
  });
  assertEquals(seen, [[0, 1, 0], [0, 2, 0], [1, 2, 2]]);
  assertEquals(errors[0]?.endsWith("Error: too many open files"), true);
  socket.close();
});

Deno.test("a port that is closed while it rests stays closed", async () => {
  const clock = new Clock();
  const backend = exhausted(Infinity);
  const { reactor, errors } = makeReactor({ backend, clock });
  const port = reactor.listenTCP(0, Factory.forProtocol(Protocol));
  const { host: hostname, port: number } = port.getHost();
  const socket = await Socket.connect({ hostname, port: number }, backend);
  await runWith(reactor, async () => {
    await turns(reactor, 4);
    const stopped = port.stopListening();
    clock.advance(1);
    await stopped;
    clock.advance(1);
    assertEquals(reactor.getReaders(), []);
  });
  assertEquals(errors.length, 1);
  socket.close();
});
