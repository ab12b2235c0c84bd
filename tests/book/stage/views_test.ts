import { assertEquals } from "@std/assert";
import { milestone } from "../../../book/page/stage/milestones.ts";
import { Poems } from "../../../book/page/stage/poems.ts";
import { viewFor } from "../../../book/page/stage/views.ts";
import { shorten, showSeconds } from "../../../book/page/stage/words.ts";
import { closed, connected, received, server } from "./events.ts";

for (
  const [path, view] of [
    ["clients/get-poetry-blocking.ts", "Time line"],
    ["clients/get-poetry-1-broken.ts", "Time line"],
    ["clients/get-poetry-2.ts", "Time line"],
    ["clients/get-poetry-2-stack.ts", "Stack"],
    ["clients/get-poetry-4.ts", "Deferreds"],
    ["clients/get-poetry-5.1.ts", "Deferreds"],
    ["clients/get-poetry-endpoint.ts", "Deferreds"],
    ["examples/defer-3.ts", "Deferreds"],
    ["examples/defer-block.ts", "Time line"],
    ["examples/later/defer-10.ts", "Deferreds"],
    ["examples/models.ts", "Stack"],
    ["examples/exercises/part-2-1.ts", "Stack"],
    ["examples/countdown.ts", "Time line"],
    ["examples/hello.ts", "Loop"],
    ["server/fastpoetry.ts", "Loop"],
    ["server/slowpoetry.ts", "Stack"],
    ["server/slowpoetry-reactor.ts", "Loop"],
  ]
) {
  Deno.test(`stage: ${path} begins with the ${view}`, () => {
    assertEquals(viewFor({ path: `${path}` }), view);
  });
}

Deno.test("stage: the end of a poem is said aloud, and not each of its pieces", () => {
  const poems = new Poems([server(10000, "four")]);
  const said = [
    connected(0, 10000),
    received(1, 10000, 4),
    closed(2, 10000),
  ].map((event) => {
    poems.add(event);
    return milestone(event, poems);
  });
  assertEquals(said, [
    undefined,
    undefined,
    "poem-10000.txt is complete after 2.0 s.",
  ]);
});

Deno.test("stage: times have a unit that fits", () => {
  assertEquals(
    [12.34, 0.1, 0.0123, 0.0004, 0].map(showSeconds),
    ["12.3 s", "0.1 s", "12 ms", "0.4 ms", "0 ms"],
  );
});

Deno.test("stage: a name that is too long ends with an ellipsis", () => {
  assertEquals(shorten("cummingsify", 11), "cummingsify");
  assertEquals(shorten("cummingsify", 8), "cumming…");
  assertEquals(shorten("𝒜𝒷𝒸", 2), "𝒜…");
});
