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
    const poem = backend.readTextFile?.("poetry/science.txt");
    assertMatch(`${poem}`, /^Sonnet: To Science\n/);
    const names = backend.listFolder?.("poetry") ?? [];
    assert(names.includes("science.txt"));
    assertEquals(names, [...names].sort());
  });

  test("a file that cannot be read says why", ({ backend }) => {
    const read = (path: string) => backend.readTextFile?.(path);
    const list = (path: string) => backend.listFolder?.(path);
    const missing = "Cannot read nosuch.pem: no such file or directory";
    assertThrows(() => read("nosuch.pem"), Error, missing);
    assertThrows(() => list("nosuch.pem"), Error, missing);
    const folder = "Cannot read poetry: is a directory";
    assertThrows(() => read("poetry"), Error, folder);
    const file = "Cannot read LICENSE: not a directory";
    assertThrows(() => list("LICENSE"), Error, file);
  });
}
