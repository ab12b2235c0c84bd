import { assertEquals } from "@std/assert";
import { projectPath } from "../support/programs.ts";

const POEMS = {
  "ecstasy.txt": { title: "The Ecstasy", lines: 76, bytes: 3003 },
  "fascination.txt": {
    title: "The Fascination of What's Difficult",
    lines: 13,
    bytes: 611,
  },
  "science.txt": { title: "Sonnet: To Science", lines: 14, bytes: 648 },
};

for (const [file, { title, lines, bytes }] of Object.entries(POEMS)) {
  Deno.test(`${file} is a whole poem below its title`, async () => {
    const poem = await Deno.readTextFile(projectPath(`poetry/${file}`));
    const [first, blank, author, space, ...rest] = poem.split("\n");
    assertEquals(first, title);
    assertEquals([blank, space], ["", ""]);
    assertEquals(author?.startsWith("by "), true);
    assertEquals(rest.pop(), "", "it ends with a line end");
    assertEquals(rest.length, lines);
    assertEquals(new TextEncoder().encode(poem).length, bytes);
  });
}
