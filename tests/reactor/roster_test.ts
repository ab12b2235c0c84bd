import { assertEquals } from "@std/assert";
import { Roster } from "../../reactor/roster.ts";

Deno.test("a roster keeps the order in which things came, whoever goes", () => {
  const roster = new Roster<number>();
  const leave = [1, 2, 3, 4, 5].map((number) => roster.add(number));
  assertEquals([...roster], [1, 2, 3, 4, 5]);
  leave[2]?.();
  assertEquals([...roster], [1, 2, 4, 5]);
  leave[0]?.();
  leave[4]?.();
  assertEquals([...roster], [2, 4]);
  roster.add(6);
  assertEquals([...roster], [2, 4, 6]);
});

Deno.test("going twice is going once", () => {
  const roster = new Roster<string>();
  const leave = roster.add("one");
  roster.add("two");
  leave();
  leave();
  assertEquals([...roster], ["two"]);
});

Deno.test("a roster that all have left is empty, and takes others", () => {
  const roster = new Roster<string>();
  roster.add("one")();
  assertEquals([...roster], []);
  roster.add("two");
  assertEquals([...roster], ["two"]);
});

Deno.test("the same thing may come twice, and goes once at a time", () => {
  const roster = new Roster<string>();
  const leave = roster.add("one");
  roster.add("one");
  leave();
  assertEquals([...roster], ["one"]);
});
