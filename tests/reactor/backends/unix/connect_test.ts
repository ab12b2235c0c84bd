import { assertEquals, assertInstanceOf } from "@std/assert";
import { ConnectError, type Stream, UNIXAddress } from "../../../../mod.ts";
import {
  connectToPath,
  type DialPath,
} from "../../../../reactor/backends/unix/sockets.ts";
import { Disk } from "../../../support/disk.ts";

// A full backlog differs by system. The rest is tested by the conformance suite.

const STREAM: Stream & { closed: number } = {
  localAddress: new UNIXAddress(),
  remoteAddress: new UNIXAddress("/run/poetry"),
  closed: 0,
  pollRead() {},
  pollWrite() {},
  receive: () => undefined,
  send: () => 0,
  close() {
    this.closed++;
  },
  abort() {},
};

const files = new Disk().process(1);

const OPTIONS = { path: "/run/poetry", mustBeLocked: false };

/** Dials a server that is busy for so many times. */
function busy(times: number): { dial: DialPath; dialled: () => number } {
  let dialled = 0;
  return {
    dialled: () => dialled,
    dial(_path, done) {
      const isBusy = ++dialled <= times;
      const text = "try again";
      queueMicrotask(() => done(isBusy ? { kind: "busy", text } : STREAM));
    },
  };
}

Deno.test("UNIX connect: a busy server is tried again until it is not busy", async () => {
  const { dial, dialled } = busy(3);
  const outcome = await new Promise<Stream | Error>((resolve) => {
    connectToPath(OPTIONS, resolve, { dial, files });
  });
  assertEquals(outcome, STREAM);
  assertEquals(dialled(), 4);
});

Deno.test("UNIX connect: a busy server is not tried again after the attempt is cancelled", async () => {
  const { dial, dialled } = busy(Infinity);
  const asked = Promise.withResolvers<void>();
  const attempt = connectToPath(OPTIONS, () => {}, {
    dial(path, done) {
      dial(path, done);
      if (dialled() === 2) asked.resolve();
    },
    files,
  });
  await asked.promise;
  attempt.cancel();
  // A timer that was left would be found by the test runner.
  await Promise.resolve();
  assertEquals(dialled(), 2);
});

Deno.test("UNIX connect: a connection made after the attempt is cancelled is closed", async () => {
  const { dial } = busy(0);
  let told = 0;
  const attempt = connectToPath(OPTIONS, () => told++, {
    dial,
    files,
  });
  attempt.cancel();
  await Promise.resolve();
  assertEquals([told, STREAM.closed], [0, 1]);
});

Deno.test("UNIX connect: any other error of the system is a ConnectError with its words", async () => {
  const error = "permission denied";
  const outcome = await new Promise<Stream | Error>((resolve) => {
    connectToPath(OPTIONS, resolve, {
      dial: (_path, done) =>
        queueMicrotask(() => done({ kind: "other", text: error, error })),
      files,
    });
  });
  assertInstanceOf(outcome, ConnectError);
  const { message, cause } = outcome as ConnectError;
  assertEquals(message, "Cannot connect to /run/poetry: permission denied");
  assertEquals(cause, error);
});
