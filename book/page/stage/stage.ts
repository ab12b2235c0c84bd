/// <reference lib="dom" />
/**
 * The stage beside a program: what happens in it, drawn.
 *
 * @module
 */

import type { Event, Frame, ServerSetup } from "../../worker/messages.ts";
import { Announcer } from "./announcer.ts";
import { Chains } from "./chains.ts";
import { ChainView } from "./chain_view.ts";
import { element } from "../element.ts";
import { Loop } from "./loop.ts";
import { LoopView } from "./loop_view.ts";
import { milestone } from "./milestones.ts";
import { Poems } from "./poems.ts";
import { PoemsView } from "./poems_view.ts";
import { Stacks } from "./stacks.ts";
import { StackView } from "./stack_view.ts";
import { STYLE } from "./style.ts";
import { Tabs } from "./tabs.ts";
import { TimeLine } from "./time_line.ts";
import { TimeLineView } from "./time_line_view.ts";
import { type View, viewFor, VIEWS } from "./views.ts";

/** A stage, which is told what happens and draws it. */
export interface Stage {
  /**
   * Takes what the worker reports. What has a time after that of the last `tick` waits
   * until then: a call that blocks is reported at its end, all at once. Where `tick` was
   * never called, nothing waits.
   */
  events(events: readonly Event[]): void;
  /** Takes what the program printed, and who called whom when it did. */
  output(
    stream: "stdout" | "stderr",
    text: string,
    time: number,
    stack: readonly Frame[],
  ): void;
  /** Says how late it is on the page's clock, in seconds: as often as a page is drawn. */
  tick(time: number): void;
  /** The program has ended: nothing waits any more. */
  end(status: number): void;
  /** Takes the stage away. */
  dispose(): void;
}

/** The program that a stage is for. */
export interface StagedProgram {
  /** Its path in the checkout. */
  readonly path: string;
  readonly servers: readonly ServerSetup[];
}

/** A reader who wants no movement sees a picture a second. */
const STILL = 1000;

/** The tabs that the reader has chosen, by program: they outlast a restart. */
const chosen = new Map<string, number>();

/** Puts a stage into an element. */
export function createStage(host: HTMLElement, program: StagedProgram): Stage {
  const { path, servers } = program;
  const poems = new Poems(servers);
  const loop = new Loop();
  const chains = new Chains();
  const stacks = new Stacks();
  const line = new TimeLine(servers);
  const models = [poems, loop, chains, stacks, line];

  const stillness = matchMedia("(prefers-reduced-motion: reduce)");
  const announcer = new Announcer();
  const poemsView = new PoemsView(poems);
  const views: Record<View, { element: HTMLElement; draw(now: number): void }> =
    {
      "Deferreds": new ChainView(chains, {
        redraw: () => drawSoon(true),
        movesAllowed: () => !stillness.matches,
      }),
      "Loop": new LoopView(loop),
      "Stack": new StackView(stacks, () => drawSoon(true)),
      "Time line": new TimeLineView(line),
    };
  let pending = 0;
  let lastDrawn = -Infinity;
  const tabs = new Tabs("What to look at", {
    panels: VIEWS.map((name) => ({ name, element: views[name].element })),
    selected: chosen.get(path) ?? VIEWS.indexOf(viewFor(program)),
    onChange(selected) {
      chosen.set(path, selected);
      drawSoon(true);
    },
  });

  const frame = element("div", {
    role: "region",
    "aria-label": `What happens in ${path}`,
  });
  const root = frame.attachShadow({ mode: "open" });
  root.append(
    element("style", {}, STYLE),
    ...(servers.length > 0 ? [poemsView.element] : []),
    tabs.element,
    announcer.element,
  );
  host.append(frame);
  const resized = new ResizeObserver(() => drawSoon(true));
  resized.observe(frame);

  let now = 0;
  let isTicking = false;
  let waiting: Event[] = [];

  /** Takes what has happened until now. */
  function take(until: number): void {
    let count = 0;
    for (const event of waiting) {
      if (event.time > until) break;
      count++;
      for (const model of models) model.add(event);
      const text = milestone(event, poems);
      if (text !== undefined) announcer.say(text);
    }
    if (count > 0) waiting = waiting.slice(count);
  }

  function draw(): void {
    pending = 0;
    lastDrawn = performance.now();
    if (servers.length > 0) poemsView.draw(now);
    views[VIEWS[tabs.selected] ?? "Loop"].draw(now);
  }

  /** @param asked whether the reader has asked for it */
  function drawSoon(asked = false): void {
    const tooSoon = performance.now() - lastDrawn < STILL;
    if (stillness.matches && tooSoon && !asked) return;
    if (pending === 0) pending = requestAnimationFrame(draw);
  }

  drawSoon();
  return {
    events(events) {
      waiting = waiting.concat(events);
      if (!isTicking) {
        now = Math.max(now, events.at(-1)?.time ?? 0);
        take(Infinity);
        drawSoon();
      }
    },
    output(_stream, _text, time, stack) {
      stacks.addOutput(time, stack);
      drawSoon();
    },
    tick(time) {
      isTicking = true;
      const isNews = time !== now || waiting.length > 0;
      now = time;
      take(now);
      if (isNews) drawSoon();
    },
    end(status) {
      now = Math.max(now, waiting.at(-1)?.time ?? 0);
      take(Infinity);
      announcer.say(`The program has ended with status ${status}.`);
      drawSoon(true);
    },
    dispose() {
      cancelAnimationFrame(pending);
      resized.disconnect();
      announcer.dispose();
      frame.remove();
    },
  };
}
