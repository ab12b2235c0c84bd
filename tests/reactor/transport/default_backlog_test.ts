import { assert, assertEquals } from "@std/assert";
import {
  createMemoryBackend,
  Factory,
  Protocol,
  Reactor,
} from "../../../mod.ts";

Deno.test("listenTCP, listenUNIX: without a backlog given, 511 connections may wait", () => {
  const backend = createMemoryBackend();
  const { listenPath } = backend;
  assert(listenPath !== undefined);
  const asked: number[] = [];
  const reactor = new Reactor({
    backend: {
      ...backend,
      listen(options) {
        asked.push(options.backlog);
        return backend.listen(options);
      },
      listenPath(options) {
        asked.push(options.backlog);
        return listenPath(options);
      },
    },
  });
  const factory = Factory.forProtocol(Protocol);
  const ports = [
    reactor.listenTCP(0, factory),
    reactor.listenUNIX("socket", factory),
  ];
  assertEquals(asked, [511, 511]);
  for (const port of ports) port.stopListening();
});
