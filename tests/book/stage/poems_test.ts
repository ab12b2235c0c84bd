import { assertEquals } from "@std/assert";
import { Poems } from "../../../book/page/stage/poems.ts";
import { describePoem } from "../../../book/page/stage/words.ts";
import { closed, connected, received, server } from "./events.ts";

const POEM = "Hope — is the thing";

function poem(...events: Parameters<Poems["add"]>[0][]): Poems {
  const poems = new Poems([server(10000, POEM)]);
  for (const event of events) poems.add(event);
  return poems;
}

function only(poems: Poems, time: number) {
  const [first, ...others] = poems.at(time);
  assertEquals(others, []);
  if (first === undefined) throw new Error("There is no poem");
  return first;
}

Deno.test("poems: one that nobody has asked for is empty", () => {
  const { text, share, state, took } = only(poem(), 3);
  assertEquals({ text, share, state, took }, {
    text: "",
    share: 0,
    state: "waiting",
    took: undefined,
  });
});

Deno.test("poems: one fills with the bytes that come", () => {
  const shown = only(poem(connected(1, 10000), received(2, 10000, 4)), 3);
  assertEquals(shown.text, "Hope");
  assertEquals(shown.took, 2);
  assertEquals(describePoem(shown), "19 % in 2.0 s");
});

Deno.test("poems: a character that is cut in the middle waits for its other half", () => {
  const poems = poem(connected(1, 10000), received(2, 10000, 6));
  assertEquals(only(poems, 2).text, "Hope ");
  poems.add(received(3, 10000, 2));
  assertEquals(only(poems, 3).text, "Hope —");
});

Deno.test("poems: the time of one that is complete stands still", () => {
  const poems = poem(
    connected(1, 10000),
    received(2, 10000, 21),
    closed(3, 10000),
  );
  const shown = only(poems, 100);
  assertEquals(shown.text, POEM);
  assertEquals(describePoem(shown), "complete after 2.0 s");
});

Deno.test("poems: one whose connection ends before is cut off", () => {
  const poems = poem(
    connected(1, 10000),
    received(2, 10000, 11),
    { what: "server ended", port: 10000, time: 3 },
    closed(3, 10000),
  );
  assertEquals(
    describePoem(only(poems, 9)),
    "cut off at 52 %, after 2.0 s",
  );
});

Deno.test("poems: a second connection begins again, and the first is of no account", () => {
  const poems = poem(
    connected(1, 10000, 1),
    received(2, 10000, 11, 1),
    connected(3, 10000, 2),
    received(4, 10000, 5, 1),
    closed(4, 10000, 1),
    received(5, 10000, 4, 2),
  );
  const { text, state } = only(poems, 5);
  assertEquals({ text, state }, { text: "Hope", state: "connected" });
});

Deno.test("poems: another server's bytes are not its own", () => {
  const poems = poem(connected(1, 10000), received(2, 10001, 4));
  assertEquals(only(poems, 2).text, "");
});

Deno.test("poems: a server that was ended before anybody came says so", () => {
  const poems = poem({ what: "server ended", port: 10000, time: 1 });
  assertEquals(describePoem(only(poems, 2)), "the server was ended");
});

Deno.test("poems: of one that is very long, the end is shown", () => {
  const poems = new Poems([server(10000, "é".repeat(100_000) + "!")]);
  poems.add(connected(0, 10000));
  poems.add(received(1, 10000, 150_001));
  const cut = only(poems, 1).text;
  // Of 20 000 bytes, the first belongs to a character before, and the last is half of one.
  assertEquals(cut, "é".repeat(9_999));
  poems.add(received(2, 10000, 50_000));
  assertEquals(only(poems, 2).text.at(-1), "!");
});
