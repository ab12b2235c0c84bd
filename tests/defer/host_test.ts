import { assertEquals } from "@std/assert";
import { AsyncLocalStorage } from "node:async_hooks";
import process from "node:process";
import { contextCapture } from "../../defer/host.ts";

const HOSTS: Record<string, object> = {
  "Deno": globalThis,
  "a Deno that keeps its contexts in another way": { Deno: {}, process },
};

for (const [name, host] of Object.entries(HOSTS)) {
  const capture = contextCapture(host);

  Deno.test(`on ${name} a captured context is that of whoever captured it`, () => {
    const storage = new AsyncLocalStorage<string>();
    const captured = storage.run("captured", capture);
    const none = capture();
    storage.run("caller", () => {
      const seen: unknown[] = [];
      const look = (...args: unknown[]) =>
        seen.push(storage.getStore(), ...args);
      captured?.runInAsyncScope(look, undefined, 1, 2);
      none?.runInAsyncScope(look, undefined);
      assertEquals(seen, ["captured", 1, 2, undefined]);
      assertEquals(storage.getStore(), "caller");
    });
  });

  Deno.test(`on ${name} a function that throws leaves no captured context behind`, () => {
    const storage = new AsyncLocalStorage<string>();
    const captured = storage.run("captured", capture);
    let caught: unknown;
    try {
      captured?.runInAsyncScope(() => {
        throw new RangeError("oops");
      }, undefined);
    } catch (error) {
      caught = error;
    }
    assertEquals(caught instanceof RangeError, true);
    assertEquals(storage.getStore(), undefined);
  });
}
