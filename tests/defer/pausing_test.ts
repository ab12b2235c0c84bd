import { assertEquals, assertThrows } from "@std/assert";
import { Deferred, succeed } from "../../mod.ts";

Deno.test("Deferred.pause: a paused deferred keeps its result until it is unpaused", () => {
  const seen: string[] = [];
  const d = new Deferred<string>();
  d.addCallback((s) => void seen.push(s));
  d.pause();
  d.callback("poem");
  assertEquals(seen, []);
  d.unpause();
  assertEquals(seen, ["poem"]);
});

Deno.test("Deferred.pause: each pause needs an unpause of its own", () => {
  const seen: string[] = [];
  const d = new Deferred<string>();
  d.addCallback((s) => void seen.push(s));
  d.pause();
  d.pause();
  d.callback("poem");
  d.unpause();
  assertEquals(seen, []);
  d.unpause();
  assertEquals(seen, ["poem"]);
});

Deno.test("Deferred.pause: what is added to a fired deferred while it is paused waits", () => {
  const seen: string[] = [];
  const d = succeed("poem");
  d.pause();
  d.addCallback((s) => void seen.push(s));
  assertEquals(seen, []);
  d.unpause();
  assertEquals(seen, ["poem"]);
});

Deno.test("Deferred.pause: unpausing a deferred that has not fired only counts", () => {
  const seen: string[] = [];
  const d = new Deferred<string>();
  d.addCallback((s) => void seen.push(s));
  d.pause();
  d.unpause();
  assertEquals(seen, []);
  d.callback("poem");
  assertEquals(seen, ["poem"]);
});

Deno.test("Deferred.pause: a pause inside a callback stops the run under way", () => {
  const seen: unknown[] = [];
  const d = new Deferred<string>();
  d.addCallback((s) => {
    d.pause();
    return `${s}, paused`;
  });
  d.addCallback((s) => void seen.push(s));
  d.callback("poem");
  assertEquals(seen, []);
  d.unpause();
  assertEquals(seen, ["poem, paused"]);
});

Deno.test("Deferred.pause: a pause that is taken back inside the same callback changes nothing", () => {
  const seen: string[] = [];
  const d = new Deferred();
  d.addCallback(() => {
    d.pause();
    d.unpause();
    seen.push("first");
  });
  d.addCallback(() => void seen.push("second"));
  d.callback(1);
  assertEquals(seen, ["first", "second"]);
});

Deno.test("Deferred.pause: one unpause too many throws, and breaks nothing", () => {
  const seen: string[] = [];
  const d = new Deferred<string>();
  assertThrows(() => d.unpause(), Error, "not paused");
  d.addCallback((s) => void seen.push(s));
  d.callback("poem");
  assertThrows(() => d.unpause(), Error, "not paused");
  assertEquals(seen, ["poem"]);
});

Deno.test("Deferred.pause: a deferred that waits for another does not count as paused", () => {
  const seen: string[] = [];
  const inner = new Deferred<string>();
  const outer = succeed(1).addCallback(() => inner);
  outer.addCallback((s) => void seen.push(s));
  assertThrows(() => outer.unpause(), Error, "not paused");
  assertEquals(seen, []);
  inner.callback("poem");
  assertEquals(seen, ["poem"]);
});

Deno.test("Deferred.pause: a paused outer one takes the result, and keeps it until it is unpaused", () => {
  const seen: string[] = [];
  const inner = new Deferred<string>();
  const outer = succeed(1).addCallback(() => inner);
  outer.addCallback((s) => void seen.push(s));
  outer.pause();
  inner.callback("poem");
  assertEquals(seen, []);
  outer.unpause();
  assertEquals(seen, ["poem"]);
});

Deno.test("Deferred.pause: the inner one goes on at once when its outer one is paused", () => {
  const seen: unknown[] = [];
  const inner = new Deferred<string>();
  const outer = succeed(1).addCallback(() => inner);
  inner.addCallback((result) => void seen.push(["inner", result]));
  outer.pause();
  inner.callback("poem");
  assertEquals(seen, [["inner", undefined]]);
  outer.unpause();
});
