import { assertEquals, assertInstanceOf } from "@std/assert";
import * as client30 from "../../clients/get-poetry-3.ts";
import * as client31 from "../../clients/get-poetry-3.1.ts";
import * as client40 from "../../clients/get-poetry-4.ts";
import {
  CancelledError,
  ConnectionLost,
  ConnectionRefusedError,
  Failure,
  reactor,
  TimeoutError,
} from "../../mod.ts";
import { neverSends, refusingAddress, sends, startServer } from "../support.ts";

const HOST = "127.0.0.1";

/** What a promise was rejected with. */
async function errorOf(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("There was no error");
}

/** Client 3.1's function, so that a test can await it. */
function getPoetry31(port: number): {
  poem: Promise<string>;
  giveUp: (failure: Failure) => void;
} {
  const { promise: poem, resolve, reject } = Promise.withResolvers<string>();
  const giveUp = client31.getPoetry(
    HOST,
    port,
    resolve,
    (failure) => reject(failure.value),
  );
  return { poem, giveUp };
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
    assertEquals(await getPoetry31(server.port).poem, "Ü");
  });

  await t.step("of 3.1 calls the errback where it is refused", async () => {
    using refusing = await refusingAddress();
    const error = await errorOf(getPoetry31(refusing.port).poem);
    assertInstanceOf(error, ConnectionRefusedError);
  });

  await t.step(
    "of 3.1 can be given up, which closes the connection",
    async () => {
      await using server = await startServer(neverSends);
      const { poem, giveUp } = getPoetry31(server.port);
      await server.connected;
      const failure = new Failure(new Error("enough"));
      giveUp(failure);
      assertEquals(await errorOf(poem), failure.value);
      await server.closed;
    },
  );

  await t.step("of 4.0 fires with the poem", async () => {
    await using server = await startServer(sends("Ü"));
    assertEquals(await client40.getPoetry(HOST, server.port), "Ü");
  });

  await t.step("of 4.0 fails where it is refused", async () => {
    using refusing = await refusingAddress();
    const error = await errorOf(client40.getPoetry(HOST, refusing.port));
    assertInstanceOf(error, ConnectionRefusedError);
  });

  await t.step("of 4.0 fails where the connection is reset", async () => {
    const reset = Promise.withResolvers<void>();
    await using server = await startServer((socket) => {
      socket.write("half");
      reset.promise.then(() => socket.resetAndDestroy());
    });
    const d = client40.getPoetry(HOST, server.port);
    // A turn of its own later than the connection, which the reactor is told first.
    await server.connected;
    reactor.callLater(0.1, reset.resolve);
    assertInstanceOf(await errorOf(d), ConnectionLost);
  });

  await t.step("of 4.0 can be cancelled before it is connected", async () => {
    await using server = await startServer(neverSends);
    const d = client40.getPoetry(HOST, server.port);
    d.cancel();
    assertInstanceOf(await errorOf(d), CancelledError);
  });

  await t.step(
    "of 4.0 closes the connection when it is cancelled",
    async () => {
      await using server = await startServer(neverSends);
      const d = client40.getPoetry(HOST, server.port);
      await server.connected;
      d.cancel();
      assertInstanceOf(await errorOf(d), CancelledError);
      await server.closed;
    },
  );

  await t.step("of 4.0 closes the connection at a timeout", async () => {
    await using server = await startServer(neverSends);
    const d = client40.getPoetry(HOST, server.port).addTimeout(0.1, reactor);
    assertInstanceOf(await errorOf(d), TimeoutError);
    await server.closed;
  });

  reactor.stop();
  await running;
});
