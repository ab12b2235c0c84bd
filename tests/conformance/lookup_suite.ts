// What a backend knows beside the network: the addresses of names, and files.

import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertMatch,
  assertThrows,
} from "@std/assert";
import { networkInterfaces } from "node:os";
import { DNSLookupError, type IPv6Address, type Transport } from "../../mod.ts";
import type { Suite } from "./conformance.ts";
import type { Network } from "./network.ts";

/** This file, which is there wherever the tests are. */
const FILE = decodeURIComponent(new URL(import.meta.url).pathname);
const [FOLDER = "", NAME = ""] = FILE.split(/\/(?=[^/]*$)/);

/** Defines the tests. */
export function lookupSuite(suite: Suite): void {
  names(suite);
  if (suite.exceptions.noNames === undefined) {
    unknownNames(suite);
    encodedNames(suite);
  }
  if (suite.exceptions.noZones === undefined) zones(suite);
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
  test("name look-up: an address is its own", async (net) => {
    assertEquals(await lookup(net, "127.0.0.1"), ["127.0.0.1"]);
    assertEquals(await lookup(net, "::1"), ["::1"]);
  });

  test("name look-up: a look-up that was cancelled tells nothing", async (net) => {
    const told: unknown[] = [];
    const { backend } = net;
    backend.lookup?.("127.0.0.1", (found) => told.push(found)).cancel();
    await lookup(net, "127.0.0.1");
    assertEquals(told, []);
  });
}

function unknownNames({ test }: Suite): void {
  test("name look-up: localhost is looked up", async (net) => {
    const found = await lookup(net, "localhost");
    assertMatch(`${found}`, /^(127\.0\.0\.1|::1)(,|$)/);
  });

  test("name look-up: a name without an address is a DNSLookupError", async (net) => {
    const error = await lookup(net, "nobody.invalid");
    assertInstanceOf(error, DNSLookupError);
    assertEquals(
      `${error}`,
      "DNSLookupError: Cannot look up nobody.invalid: " +
        "failed to lookup address information: Name or service not known",
    );
  });
}

/** What IDNA makes `localhost` of, without a name server. */
const WIDE_LOCALHOST = "ｌｏｃａｌｈｏｓｔ";

/** What IDNA refuses. */
const NO_NAMES = ["bü cher", "bücher/example", "a\u200db"];

function encodedNames({ test }: Suite): void {
  test("name look-up: names outside ASCII are encoded as IDNA before they are looked up", async (net) => {
    const found = await lookup(net, WIDE_LOCALHOST);
    assertEquals(found, await lookup(net, "localhost"));
    const { port } = net.listen();
    const client = net.side("client");
    const to = port.getHost().port;
    const connector = net.reactor.connectTCP(WIDE_LOCALHOST, to, client);
    assertEquals(
      `${connector.getDestination()}`,
      `IPv4Address(type='TCP', host='${WIDE_LOCALHOST}', port=${to})`,
    );
    await net.runUntil("client connectionMade", "server connectionMade");
  });

  test("name look-up: a name that cannot be encoded is a DNSLookupError", async (net) => {
    for (const name of NO_NAMES) {
      const error = await lookup(net, name);
      assertInstanceOf(error, DNSLookupError);
      assertEquals(
        `${error}`,
        `DNSLookupError: Cannot look up ${name}: invalid host name`,
      );
    }
    const reasons: string[] = [];
    for (const name of NO_NAMES) {
      net.reactor.connectTCP(
        name,
        1,
        net.side("client", {
          clientConnectionFailed: (_, { value }) => reasons.push(`${value}`),
        }),
      );
    }
    await net.runUntil(...NO_NAMES.map(() => "client stopFactory"));
    assertEquals(
      reasons,
      NO_NAMES.map((name) =>
        `DNSLookupError: Cannot connect to ${name}:1: invalid host name`
      ),
    );
  });
}

/** A link-local address of this machine, with its zone, where it has one. */
function linkLocal(): string | undefined {
  for (const [zone, addresses = []] of Object.entries(networkInterfaces())) {
    const found = addresses.find(({ address }) => /^fe80:/i.test(address));
    if (found !== undefined) return `${found.address}%${zone}`;
  }
}

function zones({ test }: Suite): void {
  test("name look-up: the zone of a link-local address stays with it", async (net) => {
    const host = linkLocal();
    if (host === undefined) return;
    const { port, server } = net.listen({}, { interface: host });
    const client = net.side("client");
    net.reactor.connectTCP(host, port.getHost().port, client);
    const transports: Transport[] = [];
    await net.runWith(async () => {
      await net.happened("client connectionMade", "server connectionMade");
      for (const { protocolBuilt } of [client, server]) {
        transports.push(protocolBuilt.transport);
      }
    });
    const addresses = [
      port.getHost(),
      ...transports.flatMap((it) => [it.getHost(), it.getPeer()]),
    ] as IPv6Address[];
    const zone = host.replace(/.*%/, "");
    assertEquals(
      addresses.map(({ host, scopeID }) => [host, scopeID]),
      Array(5).fill([host, zone]),
    );
  });
}

function files({ test, exceptions }: Suite): void {
  if (exceptions.noFiles !== undefined) {
    test("files: a backend without files reads none", ({ backend }) => {
      assertEquals([backend.readTextFile, backend.listFolder], [
        undefined,
        undefined,
      ]);
    });
    return;
  }

  test("files: a text file is read, and a folder listed in order", ({ backend }) => {
    const text = backend.readTextFile?.(FILE) ?? "";
    assert(text.includes("a text file is read"));
    const names = backend.listFolder?.(FOLDER) ?? [];
    assert(names.includes(NAME));
    assertEquals(names, [...names].sort());
  });

  test("files: a file that cannot be read says why", ({ backend }) => {
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
