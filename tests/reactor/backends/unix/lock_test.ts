import { assertEquals, assertThrows } from "@std/assert";
import { CannotListenError, UNIXAddress } from "../../../../mod.ts";
import {
  type PathFiles,
  PathLock,
} from "../../../../reactor/backends/unix/lock.ts";
import { PathListener } from "../../../../reactor/backends/unix/sockets.ts";
import { Disk } from "../../../support/disk.ts";

// Races of several servers, at the moments that matter. What one server does is
// tested by the conformance suite, with real files.

const PATH = "/run/poetry";
const LOCK = `${PATH}.lock`;
const NEXT = `${LOCK}.next`;
const LONG_AGO = 1;

/** The files of a server that was killed. */
function staleSocket(): Disk {
  const disk = new Disk();
  disk.put(LOCK, "1\n", { changed: LONG_AGO });
  disk.put(PATH, "stale", { kind: "socket", changed: LONG_AGO });
  return disk;
}

/** Listens in a process. */
function open(disk: Disk, files: PathFiles): void {
  PathListener.open({ path: PATH, mode: 0o666, backlog: 5, lock: true }, {
    files,
    bind(path) {
      if (disk.files.has(path)) throw new Error("address already in use");
      const text = `socket of ${files.pid}`;
      const id = disk.put(path, text, { kind: "socket" });
      return {
        address: new UNIXAddress(path),
        pollRead() {},
        pollWrite() {},
        accept: () => undefined,
        close() {
          if (disk.files.get(path)?.id === id) disk.files.delete(path);
        },
      };
    },
  });
}

function refused(fn: () => unknown): string {
  return assertThrows(fn, CannotListenError).message
    .replace(`Cannot listen on ${PATH}: `, "");
}

/** What there is when process 2 is the one that listens. */
const OF_TWO = [`${LOCK}: 2`, `${PATH}: socket of 2`];

Deno.test("UNIX lock: of two servers that find the same stale lock, the faster one gets it", () => {
  const disk = staleSocket();
  const slow = disk.process(3, {
    isAccepting: () => open(disk, disk.process(2)),
  });
  assertEquals(
    refused(() => open(disk, slow)),
    "process 2 has been faster in taking it over",
  );
  assertEquals(disk.list(), OF_TWO);
});

Deno.test("UNIX lock: a process that is taking over a socket is not disturbed", () => {
  const disk = staleSocket();
  const other = disk.process(3);
  let message = "";
  const first = disk.process(2, {
    rename: () => message = refused(() => open(disk, other)),
  });
  open(disk, first);
  assertEquals(message, "process 2 is taking it over just now");
  assertEquals(disk.list(), OF_TWO);
});

Deno.test("UNIX lock: a lock that is removed before it is looked at is made anew", () => {
  const disk = staleSocket();
  const files = disk.process(2);
  let looked = false;
  open(disk, {
    ...files,
    lstat(path) {
      if (!looked) disk.files.clear();
      looked = true;
      return files.lstat(path);
    },
  });
  assertEquals(disk.list(), OF_TWO);
});

Deno.test("UNIX lock: a server that is suspended before it removes the stale socket leaves it to its successor", () => {
  const disk = staleSocket();
  const slow = disk.process(3, {
    rename() {
      // So long that its own file is taken for stale, and removed.
      disk.files.delete(NEXT);
      open(disk, disk.process(2));
      disk.put(NEXT, "3\n");
    },
  });
  // What it renames is no file that it has made.
  assertEquals(
    refused(() => open(disk, slow)),
    `process 3 has taken ${LOCK} over meanwhile`,
  );
  assertEquals(disk.files.get(PATH)?.text, "socket of 2");
});

Deno.test("UNIX lock: a server that is suspended before it listens gives way to its successor", () => {
  const disk = new Disk();
  const slow = disk.process(3, {
    chmod() {
      disk.files.clear();
      open(disk, disk.process(2));
    },
  });
  assertEquals(
    refused(() => open(disk, slow)),
    `process 2 has taken ${LOCK} over meanwhile`,
  );
  assertEquals(disk.list(), OF_TWO);
});

Deno.test("UNIX lock: what a process leaves behind that is killed while taking over is removed", () => {
  const disk = staleSocket();
  disk.put(NEXT, "4\n", { changed: LONG_AGO });
  open(disk, disk.process(2));
  assertEquals(disk.list(), OF_TWO);
});

Deno.test("UNIX lock: a lock file that goes while its owner is read is a process's", () => {
  const disk = staleSocket();
  disk.put(NEXT, "3\n");
  const files = disk.process(2, {
    read: (path) => void (path === NEXT && disk.files.delete(path)),
  });
  assertEquals(
    refused(() => open(disk, files)),
    "a process is taking it over just now",
  );
});

Deno.test("UNIX lock: what a killed process leaves behind may be removed by another first", () => {
  const disk = staleSocket();
  disk.put(NEXT, "4\n", { changed: LONG_AGO });
  const files = disk.process(2, {
    remove: (path) => void (path === NEXT && disk.files.delete(path)),
  });
  open(disk, files);
  assertEquals(disk.list(), OF_TWO);
});

Deno.test("UNIX lock: the slower of two names the faster one, though its own file is gone", () => {
  const disk = staleSocket();
  const slow = disk.process(3, {
    isAccepting: () => open(disk, disk.process(2)),
    remove: (path) => void (path === NEXT && disk.files.delete(path)),
  });
  assertEquals(
    refused(() => open(disk, slow)),
    "process 2 has been faster in taking it over",
  );
  assertEquals(disk.list(), OF_TWO);
});

Deno.test("UNIX lock: a released lock is removed, unless it is another's", () => {
  const disk = new Disk();
  const lock = PathLock.take(PATH, disk.process(2));
  assertEquals(lock.takenOver, false);
  lock.check();
  disk.put(LOCK, "3\n");
  lock.release();
  assertEquals(disk.list(), [`${LOCK}: 3`]);
  assertEquals(
    refused(() => lock.check()),
    `process 3 has taken ${LOCK} over meanwhile`,
  );
});
