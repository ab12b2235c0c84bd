/**
 * What a backend knows beside the network: the addresses of names, and files.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertThrows,
} from "@std/assert";
import { DNSLookupError } from "../../mod.ts";
import type { Suite } from "./conformance.ts";
import type { Network } from "./network.ts";

/** This file, which is there wherever the tests are. */
const FILE = decodeURIComponent(new URL(import.meta.url).pathname);
const [FOLDER = "", NAME = ""] = FILE.split(/\/(?=[^/]*$)/);

/** Defines the tests. */
export function lookupSuite(suite: Suite): void {
  names(suite);
  if (suite.exceptions.noNames === undefined) unknownNames(suite);
  files(suite);
}

/** What a look-up tells. */
function lookup(
  { backend }: Network,
  hostname: string,
): Promise<readonly string[] | Error> {
  return new Promise((resolve) => {
    if (backend.lookup === undefined) throw new Error("There is no look-up");
    backend.lookup(hostname, resolve);
  });
}

function names({ test }: Suite): void {
  test("an address is its own", async (net) => {
    assertEquals(await lookup(net, "127.0.0.1"), ["127.0.0.1"]);
    assertEquals(await lookup(net, "::1"), ["::1"]);
  });

  test("a look-up that was cancelled tells nothing", async (net) => {
    const told: unknown[] = [];
    const { backend } = net;
    backend.lookup?.("127.0.0.1", (found) => told.push(found)).cancel();
    await lookup(net, "127.0.0.1");
    assertEquals(told, []);
  });
}

function unknownNames({ test }: Suite): void {
  test("localhost is looked up", async (net) => {
    const found = await lookup(net, "localhost");
    assertMatch(`${found}`, /^(127\.0\.0\.1|::1)(,|$)/);
  });

  test("a name without an address is a DNSLookupError", async (net) => {
    const error = await lookup(net, "nobody.invalid");
    assertInstanceOf(error, DNSLookupError);
    assertEquals(
      `${error}`,
      "DNSLookupError: Cannot look up nobody.invalid: " +
        "failed to lookup address information: Name or service not known",
    );
  });
}

function files({ test, exceptions }: Suite): void {
  if (exceptions.noFiles !== undefined) {
    test("a backend without files reads none", ({ backend }) => {
      assertEquals([backend.readTextFile, backend.listFolder], [
        undefined,
        undefined,
      ]);
    });
    return;
  }

  test("a text file is read, and a folder listed in order", ({ backend }) => {
    const text = backend.readTextFile?.(FILE) ?? "";
    assert(text.includes("a text file is read"));
    const names = backend.listFolder?.(FOLDER) ?? [];
    assert(names.includes(NAME));
    assertEquals(names, [...names].sort());
  });

  test("a file that cannot be read says why", ({ backend }) => {
    const why: Record<string, () => unknown> = {
      "/nosuch.pem: no such file or directory": () =>
        backend.readTextFile?.("/nosuch.pem"),
      "/nosuch: no such file or directory": () =>
        backend.listFolder?.("/nosuch"),
      [`${FOLDER}: is a directory`]: () => backend.readTextFile?.(FOLDER),
      [`${FILE}: not a directory`]: () => backend.listFolder?.(FILE),
    };
    for (const [reason, read] of Object.entries(why)) {
      assertEquals(assertThrows(read, Error).message, `Cannot read ${reason}`);
    }
  });
}
