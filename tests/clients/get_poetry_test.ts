import { assertEquals, assertInstanceOf } from "@std/assert";
import * as client30 from "../../clients/get-poetry-3.ts";
import * as client31 from "../../clients/get-poetry-3.1.ts";
import * as client40 from "../../clients/get-poetry-4.ts";
import * as clientEndpoint from "../../clients/get-poetry-endpoint.ts";
import {
  CancelledError,
  clientFromString,
  ConnectingCancelledError,
  ConnectionLost,
  ConnectionRefusedError,
  type Deferred,
  reactor,
  TimeoutError,
} from "../../mod.ts";
import {
  neverSends,
  refusingAddress,
  sends,
  startServer,
} from "../support/servers.ts";

const HOST = "127.0.0.1";

async function errorOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("There was no error");
}

/** Client 3.1's function, so that a test can await it. */
function getPoetry31(port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  client31.getPoetry(HOST, port, resolve, ({ value }) => reject(value));
  return promise;
}

function getFromEndpoint(port: number): Deferred<string> {
  return clientEndpoint.getPoetry(
    clientFromString(reactor, `tcp:${HOST}:${port}`),
  );
}

// The clients use the reactor that every program has, and that runs only once.
Deno.test("getPoetry", async (t) => {
  const running = reactor.run();

  await t.step("of 3.0 calls back with the poem", async () => {
    await using server = await startServer(sends("Ü"));
    const { promise, resolve } = Promise.withResolvers<string>();
    client30.getPoetry(HOST, server.port, resolve);
    assertEquals(await promise, "Ü");
  });

  await t.step("of 3.1 calls back with the poem", async () => {
    await using server = await startServer(sends("Ü"));
    assertEquals(await getPoetry31(server.port), "Ü");
  });

  await t.step("of 3.1 calls the errback where it is refused", async () => {
    using refusing = await refusingAddress();
    const error = await errorOf(getPoetry31(refusing.port));
    assertInstanceOf(error, ConnectionRefusedError);
  });

  for (
    const [name, getPoetry] of [
      ["4.0", (port: number) => client40.getPoetry(HOST, port)],
      ["the endpoint client", getFromEndpoint],
    ] as const
  ) {
    await t.step(`of ${name} fires with the poem`, async () => {
      await using server = await startServer(sends("Ü"));
      assertEquals(await getPoetry(server.port), "Ü");
    });

    await t.step(`of ${name} fails where it is refused`, async () => {
      using refusing = await refusingAddress();
      const error = await errorOf(getPoetry(refusing.port));
      assertInstanceOf(error, ConnectionRefusedError);
    });

    await t.step(`of ${name} fails where the connection is reset`, async () => {
      const reset = Promise.withResolvers<void>();
      await using server = await startServer((socket) => {
        socket.write("half");
        reset.promise.then(() => socket.resetAndDestroy());
      });
      const d = getPoetry(server.port);
      // A turn of its own later than the connection, which the reactor is told first.
      await server.connected;
      reactor.callLater(0.1, reset.resolve);
      assertInstanceOf(await errorOf(d), ConnectionLost);
    });
  }

  await t.step("of 4.0 can be cancelled before it is connected", async () => {
    await using server = await startServer(sends("Ü"));
    const d = client40.getPoetry(HOST, server.port);
    d.cancel();
    assertInstanceOf(await errorOf(d), CancelledError);
    await server.closed;
  });

  await t.step(
    "of the endpoint client can be cancelled before it is connected",
    async () => {
      await using server = await startServer(neverSends);
      const d = getFromEndpoint(server.port);
      d.cancel();
      assertInstanceOf(await errorOf(d), ConnectingCancelledError);
    },
  );

  await t.step(
    "of the endpoint client closes the connection when it is cancelled",
    async () => {
      await using server = await startServer(neverSends);
      const d = getFromEndpoint(server.port);
      await server.connected;
      // A turn of its own later than the connection, which the reactor is told first.
      reactor.callLater(0.1, () => d.cancel());
      assertInstanceOf(await errorOf(d), CancelledError);
      await server.closed;
    },
  );

  await t.step(
    "of the endpoint client closes the connection at a timeout",
    async () => {
      await using server = await startServer(neverSends);
      const d = getFromEndpoint(server.port).addTimeout(0.1, reactor);
      assertInstanceOf(await errorOf(d), TimeoutError);
      await server.closed;
    },
  );

  reactor.stop();
  await running;
});
