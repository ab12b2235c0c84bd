// The files of UNIX sockets: who makes them, who may use them, who removes
// them.

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  BadFileError,
  CannotListenError,
  ConnectError,
  ConnectionRefusedError,
  type ListenUNIXOptions,
} from "../../mod.ts";
import type { Suite } from "./conformance.ts";
import { fail, Oops } from "./network.ts";
import { type Sockets, withSockets } from "./sockets.ts";

/** Defines the tests. */
export function unixFileSuite(suite: Suite): void {
  if (suite.exceptions.noFiles !== undefined) return;
  making(suite);
  refusals(suite);
  attempts(suite);
  locking(suite);
  takingOver(suite);
}

/** The names of the files that there are. */
function files({ folder }: Sockets): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** Listens in vain, and gives the error's message without its beginning. */
function refusal(unix: Sockets, options: ListenUNIXOptions = {}): string {
  const { message } = assertThrows(
    () => unix.listen({}, options),
    CannotListenError,
  );
  const start = `Cannot listen on ${unix.path}: `;
  assertStringIncludes(message, start);
  return message.slice(start.length);
}

/** Makes a file look as if it had been there for long. */
function age(path: string): void {
  const long = new Date("2020-02-20");
  Deno.utimeSync(path, long, long);
}

/** The lock of a server that died long ago. */
function leaveLock({ path }: Sockets): void {
  Deno.writeTextFileSync(`${path}.lock`, "123\n");
  age(`${path}.lock`);
}

/** Connects once, and stops. */
async function connects(unix: Sockets): Promise<void> {
  unix.connect();
  await unix.net.runUntil("client connectionMade", "server connectionMade");
}

function making(suite: Suite): void {
  const test = withSockets(suite);

  for (const mode of [0o666, 0o600, 0o777, 0o660]) {
    test(`UNIX: the socket's file has the mode 0${mode.toString(8)}, and is removed`, async (unix) => {
      const options = mode === 0o666 ? {} : { mode };
      const { port } = unix.listen({}, options);
      const { mode: found, isSocket } = Deno.lstatSync(unix.path);
      assertEquals([(found ?? 0) & 0o777, isSocket], [mode, true]);
      await unix.net.runWith(async () => {
        await unix.net.turns(2);
        await port.stopListening();
        assertEquals(files(unix), []);
      });
    });
  }

  test("UNIX: all files are removed when the reactor stops", async (unix) => {
    unix.listen({}, { wantPID: true });
    await connects(unix);
    assertEquals(files(unix), []);
  });

  test("UNIX: a port that is closed before the reactor runs leaves no file", async (unix) => {
    const { port } = unix.listen({}, { wantPID: true });
    port.stopListening();
    await unix.net.runUntil("server stopFactory");
    assertEquals(files(unix), []);
  });

  test("UNIX: where startFactory throws there is no file", async (unix) => {
    const hooks = { startFactory: () => fail(new Oops("no")) };
    assertThrows(() => unix.listen(hooks, { wantPID: true }), Oops);
    await unix.net.runWith(() => Promise.resolve());
    assertEquals(files(unix), []);
  });

  test("UNIX: what somebody has put in the socket's place since is left alone", async (unix) => {
    const { port } = unix.listen();
    const other = unix.at(`${unix.folder}/other`);
    other.listen();
    Deno.renameSync(other.path, unix.path);
    await unix.net.runWith(async () => {
      await unix.net.turns(2);
      await port.stopListening();
      assertEquals(files(unix), ["socket"]);
      const made = unix.net.happened("client connectionMade");
      unix.connect();
      await made;
    });
    assertEquals(files(unix), ["socket"]);
  });

  test("UNIX: a socket that somebody has removed is not missed", async (unix) => {
    const { port } = unix.listen({}, { wantPID: true });
    Deno.removeSync(unix.path);
    Deno.removeSync(`${unix.path}.lock`);
    await unix.net.runWith(async () => {
      await port.stopListening();
    });
    assertEquals(files(unix), []);
  });
}

function refusals(suite: Suite): void {
  const test = withSockets(suite);

  for (const wantPID of [false, true]) {
    const name = wantPID ? "with wantPID" : "without wantPID";

    test(`UNIX: a file that stands there is left alone, ${name}`, (unix) => {
      Deno.writeTextFileSync(unix.path, "a poem");
      assertEquals(
        refusal(unix, { wantPID }),
        "a file stands there that is no socket, and is left alone",
      );
      assertEquals(files(unix), ["socket"]);
      assertEquals(Deno.readTextFileSync(unix.path), "a poem");
    });

    test(`UNIX: a folder that stands there is left alone, ${name}`, (unix) => {
      Deno.mkdirSync(unix.path);
      assertStringIncludes(refusal(unix, { wantPID }), "a folder stands there");
      assertEquals(files(unix), ["socket"]);
    });
  }

  test("UNIX: a dead server's socket is left alone, and the error says what to do", (unix) => {
    unix.leaveDead();
    assertEquals(
      refusal(unix),
      "address already in use; if its server is dead, remove the file: or take it over with wantPID, where that server had locked it",
    );
    assertEquals(files(unix), ["socket"]);
  });

  test("UNIX: a socket that nobody has locked is not taken over", (unix) => {
    unix.leaveDead();
    assertEquals(
      refusal(unix, { wantPID: true }),
      "address already in use by a server that has not locked it; if that is dead, remove the file",
    );
    assertEquals(files(unix), ["socket"]);
  });

  test("UNIX: a path that is too long is refused, with its length", async (unix) => {
    const path = `${unix.folder}/${"x".repeat(200)}`;
    const why =
      /the path of a UNIX socket has at most 10[37] bytes, and this one has \d{3}$/;
    const long = unix.at(path);
    const refused = refusal(long);
    assert(why.test(refused), refused);
    const error = await long.refusal();
    assertInstanceOf(error, ConnectError);
    assert(why.test(error.message), error.message);
    assertEquals(files(unix), []);
  });

  test("UNIX: the longest path is as good as any", async (unix) => {
    const { path } = unix;
    const [, longest = ""] = /at most (\d+)/.exec(
      refusal(unix.at("x".repeat(999))),
    ) ?? [];
    const rest = Number(longest) - path.length;
    const long = unix.at(path + "é".repeat(rest / 2) + "x".repeat(rest % 2));
    long.listen();
    await connects(long);
    assertEquals(files(unix), []);
  });

  test("UNIX: a folder that is missing is a CannotListenError", (unix) => {
    const path = `${unix.folder}/none/socket`;
    const elsewhere = unix.at(path);
    assertEquals(refusal(elsewhere), "no such file or directory");
    assertEquals(
      refusal(elsewhere, { wantPID: true }),
      "no such file or directory",
    );
  });
}

function attempts(suite: Suite): void {
  const test = withSockets(suite);

  test("UNIX: a dead server's socket refuses connections", async (unix) => {
    unix.leaveDead();
    const error = await unix.refusal();
    assertInstanceOf(error, ConnectionRefusedError);
    assertEquals(
      error.message,
      `Cannot connect to ${unix.path}: connection refused`,
    );
  });

  test("UNIX: checkPID is a BadFileError where the server has died", async (unix) => {
    unix.leaveDead();
    leaveLock(unix);
    const error = await unix.refusal({ checkPID: true });
    assertInstanceOf(error, BadFileError);
    assertEquals(
      error.message,
      `Cannot connect to ${unix.path}: the server that has locked it is dead`,
    );
    assertEquals(files(unix), ["socket", "socket.lock"]);
  });
}

function locking(suite: Suite): void {
  const test = withSockets(suite);

  test("UNIX: the lock holds the number of the process, and is removed at the end", async (unix) => {
    const { port } = unix.listen({}, { wantPID: true });
    const lock = Deno.readTextFileSync(`${unix.path}.lock`);
    assertEquals(lock, `${Deno.pid}\n`);
    await unix.net.runWith(async () => {
      await port.stopListening();
      assertEquals(files(unix), []);
    });
  });

  test("UNIX: a server that has just locked its socket is left in peace", async (unix) => {
    unix.listen({}, { wantPID: true });
    assertEquals(
      refusal(unix, { wantPID: true }),
      `process ${Deno.pid} has just locked it with ${unix.path}.lock`,
    );
    await connects(unix);
  });

  test("UNIX: a server that is alive keeps its lock, and the error names it", async (unix) => {
    unix.listen({}, { wantPID: true });
    leaveLock(unix);
    assertEquals(
      refusal(unix, { wantPID: true }),
      `process 123 has locked it with ${unix.path}.lock, and listens there`,
    );
    assertEquals(files(unix), ["socket", "socket.lock"]);
    await unix.net.runWith(() => Promise.resolve());
  });

  test("UNIX: a lock that is another server's by now is left alone", async (unix) => {
    const { port } = unix.listen({}, { wantPID: true });
    leaveLock(unix);
    await unix.net.runWith(async () => {
      await port.stopListening();
      assertEquals(files(unix), ["socket.lock"]);
    });
  });
}

function takingOver(suite: Suite): void {
  const test = withSockets(suite);

  test("UNIX: wantPID takes over the socket of a server that has died", async (unix) => {
    unix.leaveDead();
    leaveLock(unix);
    unix.listen({}, { wantPID: true });
    assertEquals(
      Deno.readTextFileSync(`${unix.path}.lock`),
      `${Deno.pid}\n`,
    );
    await connects(unix);
    assertEquals(files(unix), []);
  });

  test("UNIX: a lock may be left behind without a socket", async (unix) => {
    leaveLock(unix);
    unix.listen({}, { wantPID: true });
    await connects(unix);
    assertEquals(files(unix), []);
  });

  test("UNIX: a lock without a number is one as well", async (unix) => {
    Deno.writeTextFileSync(`${unix.path}.lock`, "");
    assertStringIncludes(
      refusal(unix, { wantPID: true }),
      "a process has just",
    );
    age(`${unix.path}.lock`);
    unix.listen({}, { wantPID: true });
    await connects(unix);
  });

  test("UNIX: a dead lock does not take a file over that is no socket", (unix) => {
    leaveLock(unix);
    Deno.writeTextFileSync(unix.path, "a poem");
    assertStringIncludes(
      refusal(unix, { wantPID: true }),
      "a file stands there",
    );
    assertEquals(Deno.readTextFileSync(unix.path), "a poem");
  });

  test("UNIX: whoever is about to take a socket over goes first", async (unix) => {
    unix.leaveDead();
    leaveLock(unix);
    const next = `${unix.path}.lock.next`;
    Deno.writeTextFileSync(next, "456\n");
    assertEquals(
      refusal(unix, { wantPID: true }),
      "process 456 is taking it over just now",
    );
    assertEquals(files(unix), ["socket", "socket.lock", "socket.lock.next"]);
    age(next);
    unix.listen({}, { wantPID: true });
    await connects(unix);
    assertEquals(files(unix), []);
  });
}
