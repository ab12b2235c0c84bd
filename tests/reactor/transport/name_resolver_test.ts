import {
  assertEquals,
  assertInstanceOf,
  assertStrictEquals,
} from "@std/assert";
import {
  type Backend,
  CancelledError,
  createMemoryBackend,
  Deferred,
  DNSLookupError,
  runtimeBackend,
} from "../../../mod.ts";
import { watchOpened } from "../../support/opened.ts";
import { makeReactor, runReactor, runWith } from "../../support/reactors.ts";

Deno.test("NameResolver: a name is looked up by the backend, and the answer comes from the loop", async () => {
  const { reactor } = makeReactor();
  const found: unknown[] = [];
  reactor.nameResolver.resolveHostName("poems.test").addCallback(
    (addresses) => {
      found.push(...addresses, reactor.running);
      reactor.stop();
    },
  );
  assertEquals(found, []);
  await runReactor(reactor);
  assertEquals(found, ["poems.test", true]);
});

Deno.test("NameResolver: an address is its own, and known at once", () => {
  const { reactor } = makeReactor();
  const found: unknown[] = [];
  for (const address of ["192.0.2.1", "::1"]) {
    reactor.nameResolver.resolveHostName(address)
      .addCallback((addresses) => void found.push(...addresses));
  }
  assertEquals(found, ["192.0.2.1", "::1"]);
});

Deno.test("NameResolver: a name that has no address is a failure", async () => {
  const { reactor } = makeReactor({ backend: runtimeBackend });
  const failures: unknown[] = [];
  reactor.nameResolver.resolveHostName("nobody.invalid")
    .addErrback(({ type }) => {
      failures.push(type);
      reactor.stop();
    });
  await runReactor(reactor);
  assertEquals(failures, [DNSLookupError]);
});

Deno.test("a look-up that was cancelled is given up by the backend", async () => {
  const given: string[] = [];
  const backend: Backend = {
    ...createMemoryBackend(),
    lookup: (hostname) => ({ cancel: () => void given.push(hostname) }),
  };
  const { reactor } = makeReactor({ backend });
  await runWith(reactor, () => {
    reactor.nameResolver.resolveHostName("poems.test")
      .addErrback((failure) => void failure.trap(CancelledError)).cancel();
    assertEquals(given, ["poems.test"]);
  });
});

Deno.test("a reactor keeps nothing of a look-up that is over", async () => {
  const { reactor } = makeReactor();
  const open = new Set<unknown>();
  using _ = watchOpened(reactor, open);
  await runWith(reactor, async () => {
    reactor.nameResolver.resolveHostName("cancelled.test")
      .addErrback(() => {}).cancel();
    const found = reactor.nameResolver.resolveHostName("poems.test");
    assertEquals(open.size, 1);
    await found;
    assertEquals(open.size, 0);
  });
});

Deno.test("NameResolver: a lookup that is under way when the reactor stops has failed", async () => {
  const backend = {
    ...createMemoryBackend(),
    lookup: () => ({ cancel() {} }),
  };
  const { reactor } = makeReactor({ backend });
  const failures: string[] = [];
  reactor.nameResolver.resolveHostName("poems.test")
    .addErrback(({ value }) => void failures.push(`${value}`));
  await runWith(reactor, () => {});
  assertEquals(failures, [
    "DNSLookupError: Cannot look up poems.test: the reactor stopped",
  ]);
});

Deno.test("NameResolver: a backend without names fails a lookup", () => {
  const backend = { ...createMemoryBackend(), lookup: undefined };
  const { reactor } = makeReactor({ backend });
  const failures: unknown[] = [];
  reactor.nameResolver.resolveHostName("poems.test")
    .addErrback(({ value }) => void failures.push(value));
  assertInstanceOf(failures[0], DNSLookupError);
  assertEquals(failures.map(String), [
    "DNSLookupError: Cannot look up poems.test: the backend memory knows no names",
  ]);
});

Deno.test("NameResolver: installNameResolver gives back the resolver it replaces", () => {
  const { reactor } = makeReactor();
  const first = reactor.nameResolver;
  const mine = { resolveHostName: () => new Deferred<readonly string[]>() };
  assertStrictEquals(reactor.installNameResolver(mine), first);
  assertStrictEquals(reactor.nameResolver, mine);
});
