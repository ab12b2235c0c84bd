import { assert, assertEquals } from "@std/assert";
import { widthOf } from "../../../examples/shared/svg.ts";
import { drawChain } from "../../../examples/simulator/chain_picture.ts";
import { drawCalls } from "../../../scripts/figures/calls.ts";
import type { Drawing } from "../../../scripts/figures/drawing.ts";
import { drawLoop } from "../../../scripts/figures/loop.ts";

const TEXT = /<text(?: class="([^"]*)")? x="([-\d.]+)" y="[\d.]+">([^<]*)</;
const BOX = /<rect class="[^"]*" x="([-\d.]+)" y="[\d.]+" width="([-\d.]+)"/;

const LONG = "PoetryClientFactory.clientConnectionFailed()";

function loop(width: number, current?: number): Drawing {
  return drawLoop({
    name: "turn 1234",
    waits: "wait until something happens",
    handles: "handle one event after the other",
    before: ["something has", "happened"],
    after: ["all is handled:", "wait again"],
    events: ["PoetryProtocol ×3, to read", "stop, in 3.0 s", "a", "b", "c"],
    calls: [
      "PoetryProtocol, doRead: 30 bytes from 10000",
      LONG,
      "x".repeat(60),
    ],
    now: "handles",
    ...(current === undefined ? {} : { current }),
  }, width);
}

function calls(width: number, depth = 12): Drawing {
  return drawCalls({
    frames: Array.from({ length: depth }, (_, i) => ({
      name: i % 2 === 0 ? LONG : "main()",
      whose: i % 3 === 0 ? "ours" : "library",
      note: "reactor/transport/tcp/connecting_socket.ts:1234",
    })),
    waits: false,
  }, width);
}

/** How far something is beyond a side, in pixels. */
function overhangOf({ width, elements }: Drawing): number {
  return Math.max(...elements.map((drawn) => {
    const box = BOX.exec(drawn);
    if (box) return beyond(Number(box[1]), Number(box[2]), width);
    const [, kind = "", x, content = ""] = TEXT.exec(drawn) ?? [];
    if (x === undefined) return 0;
    const wide = widthOf(content, kind);
    const share = kind.includes("middle") ? 0.5 : kind.includes("end") ? 1 : 0;
    return beyond(Number(x) - share * wide, wide, width);
  }));
}

function beyond(left: number, length: number, width: number): number {
  return Math.max(0, -left, left + length - width);
}

function contentsOf({ elements }: Drawing): string {
  return elements.map((drawn) => TEXT.exec(drawn)?.[3] ?? "").join("");
}

for (const width of [290, 343, 500, 650, 700, 760, 1100]) {
  Deno.test(`drawings: the loop and the stack fit ${width} pixels, with all their texts`, () => {
    for (const drawing of [loop(width), calls(width)]) {
      assert(drawing.width <= width, `${drawing.width}`);
      assertEquals(overhangOf(drawing), 0);
    }
    assert(contentsOf(loop(width)).includes("x".repeat(30)));
    assertEquals(
      contentsOf(calls(width)).split("PoetryClientFactory.").length,
      7,
    );
  });
}

Deno.test("drawings: a stack of very many is as wide as any", () => {
  assertEquals(overhangOf(calls(343, 100)), 0);
});

Deno.test("drawings: of the calls, the one that is made is lit", () => {
  const lit = (drawing: Drawing) =>
    drawing.elements.filter((drawn) => drawn.includes('class="ours now"'));
  assertEquals(lit(loop(343)).length, 0);
  assertEquals(lit(loop(343, 1)).length, 1);
});

Deno.test("drawings: a stage that is called is lit in another way than one that is over", () => {
  const ok = { text: "poem", failed: false };
  const bad = { text: "Error", failed: true };
  const stages = ["a", "b", "c"].map((name) => ({
    callback: name,
    errback: `${name}Failed`,
  }));
  const step = { side: "callback", argument: ok, result: bad } as const;
  const boxes = (isRunning: boolean) =>
    [
      ...drawChain({
        title: "",
        stages,
        panels: [{
          title: "callback(poem)",
          run: { side: "callback", initial: ok, steps: [step] },
          isRunning,
        }],
        show: ({ text }) => text,
      }).matchAll(/<rect class="([^"]*(?:ran|now))"/g),
    ].map(([, kind]) => kind);
  assertEquals(boxes(false), ["callback ran"]);
  assertEquals(boxes(true), ["callback ran", "errback now"]);
});
