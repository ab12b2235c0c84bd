import { assertEquals } from "@std/assert";
import { LinkedList } from "../../defer/linked_list.ts";

Deno.test("LinkedList: keeps the order in which values were pushed, whichever is removed", () => {
  const list = new LinkedList<number>();
  const nodes = [1, 2, 3, 4, 5].map((number) => list.push(number));
  assertEquals([...list], [1, 2, 3, 4, 5]);
  nodes[2]?.remove();
  assertEquals([...list], [1, 2, 4, 5]);
  nodes[0]?.remove();
  nodes[4]?.remove();
  assertEquals([...list], [2, 4]);
  list.push(6);
  assertEquals([...list], [2, 4, 6]);
});

Deno.test("LinkedList: removing a node twice removes it once", () => {
  const list = new LinkedList<string>();
  const node = list.push("one");
  list.push("two");
  node.remove();
  node.remove();
  assertEquals([...list], ["two"]);
});

Deno.test("LinkedList: is empty after the last removal, and takes values again", () => {
  const list = new LinkedList<string>();
  list.push("one").remove();
  assertEquals([...list], []);
  list.push("two");
  assertEquals([...list], ["two"]);
});

Deno.test("LinkedList: the same value twice has two nodes", () => {
  const list = new LinkedList<string>();
  const node = list.push("one");
  list.push("one");
  node.remove();
  assertEquals([...list], ["one"]);
});

Deno.test("LinkedList: a removal while it is iterated over does not end that", () => {
  const list = new LinkedList<string>();
  const node = list.push("one");
  list.push("two");
  const seen: string[] = [];
  for (const thing of list) {
    seen.push(thing);
    node.remove();
  }
  assertEquals(seen, ["one", "two"]);
});

Deno.test("LinkedList: shift() gives the nodes in order, and size counts what is left", () => {
  const list = new LinkedList<undefined | string>();
  list.push(undefined);
  const second = list.push("two");
  list.push("three");
  second.remove();
  assertEquals(list.size, 2);
  assertEquals(list.shift()?.value, undefined);
  assertEquals(list.shift()?.value, "three");
  assertEquals(list.size, 0);
  assertEquals(list.shift(), undefined);
});
