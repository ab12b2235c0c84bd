import { assertEquals } from "@std/assert";
import {
  ClientFactory,
  createLog,
  createMemoryBackend,
  Deferred,
  Factory,
  Protocol,
  Reactor,
} from "../../mod.ts";

/** What a method says that is handed on without its object. */
function saying(object: string, method: string): string {
  return `${method}: this must be the ${object}, got undefined: hand on a function that calls it`;
}

/** The message of the error that a deferred gets from a callback. */
function errorOf<T>(value: T, method: (value: T) => unknown): string {
  let message = "no error";
  const d = new Deferred<T>();
  d.addCallback(method);
  d.addErrback((failure) => {
    message = failure.getErrorMessage();
  });
  d.callback(value);
  return message;
}

Deno.test("lost this: a transport's method names itself", async () => {
  const reactor = new Reactor({ backend: createMemoryBackend() });
  const bytes = new Uint8Array(1);
  const messages: string[] = [];

  class Poet extends Protocol {
    override connectionMade() {
      const { transport } = this;
      messages.push(
        errorOf(bytes, transport.write),
        errorOf([bytes], transport.writeSequence),
        errorOf(undefined, transport.loseConnection),
        errorOf(undefined, transport.abortConnection),
      );
      reactor.stop();
    }
  }

  const port = reactor.listenTCP(0, Factory.forProtocol(Poet));
  const factory = ClientFactory.forProtocol(Protocol);
  reactor.connectTCP("poems", port.getHost().port, factory);
  await reactor.run();
  assertEquals(
    messages,
    ["write", "writeSequence", "loseConnection", "abortConnection"]
      .map((method) => saying("transport", method)),
  );
});

Deno.test("lost this: a deferred's method names itself", () => {
  const d = new Deferred<string>();
  assertEquals(errorOf("poem", d.callback), saying("deferred", "callback"));
  assertEquals(
    errorOf(new Error("no ink"), d.errback),
    saying("deferred", "errback"),
  );
  assertEquals(d.called, false);
});

Deno.test("lost this: the reactor's stop names itself, in the log of a delayed call", async () => {
  const log = createLog();
  const backend = createMemoryBackend();
  const reactor = new Reactor({ backend, log });
  const events: string[] = [];
  log.addObserver(({ text, failure }) =>
    events.push(text, `${failure?.getErrorMessage()}`)
  );
  reactor.callLater(0, reactor.stop);
  reactor.callLater(0, () => reactor.stop());
  await reactor.run();
  assertEquals(events, [
    "Unhandled error in DelayedCall(stop):",
    saying("reactor", "stop"),
  ]);
});
