import { assertEquals } from "@std/assert";
import { Roster } from "../../reactor/roster.ts";

Deno.test("a roster keeps the order in which things came, whoever goes", () => {
  const roster = new Roster<number>();
  const places = [1, 2, 3, 4, 5].map((number) => roster.add(number));
  assertEquals([...roster], [1, 2, 3, 4, 5]);
  places[2]?.leave();
  assertEquals([...roster], [1, 2, 4, 5]);
  places[0]?.leave();
  places[4]?.leave();
  assertEquals([...roster], [2, 4]);
  roster.add(6);
  assertEquals([...roster], [2, 4, 6]);
});

Deno.test("going twice is going once", () => {
  const roster = new Roster<string>();
  const place = roster.add("one");
  roster.add("two");
  place.leave();
  place.leave();
  assertEquals([...roster], ["two"]);
});

Deno.test("a roster that all have left is empty, and takes others", () => {
  const roster = new Roster<string>();
  roster.add("one").leave();
  assertEquals([...roster], []);
  roster.add("two");
  assertEquals([...roster], ["two"]);
});

Deno.test("the same thing may come twice, and goes once at a time", () => {
  const roster = new Roster<string>();
  const place = roster.add("one");
  roster.add("one");
  place.leave();
  assertEquals([...roster], ["one"]);
});

Deno.test("whoever goes while a roster is gone through does not end that", () => {
  const roster = new Roster<string>();
  const place = roster.add("one");
  roster.add("two");
  const seen: string[] = [];
  for (const thing of roster) {
    seen.push(thing);
    place.leave();
  }
  assertEquals(seen, ["one", "two"]);
});
