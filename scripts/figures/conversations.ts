/**
 * Who says what to whom, one below the other: lines for those who take part, time down.
 *
 * @module
 */

import {
  drawBox,
  drawLabelledBox,
  drawOnLine,
  drawText,
} from "../../examples/shared/svg.ts";
import { drawArrow, drawLine } from "../../examples/shared/svg_paths.ts";
import { type Drawing, MARGIN } from "./drawing.ts";

/** A call, or what comes back. */
export interface Message {
  /** The numbers of those who take part, from 0 on. */
  from: number;
  to: number;
  text: string;
  /** Whether something comes back. @default {false} */
  returns?: boolean;
}

/** Time in which one of them is on the stack. */
export interface Activity {
  who: number;
  /** From which row to which. */
  from: number;
  to: number;
  /** Whether nothing is done but to wait. @default {false} */
  waits?: boolean;
}

/** One conversation. */
export interface Conversation {
  title: string;
  names: string[];
  /** By row, from 0 on. */
  messages: Record<number, Message>;
  activities: Activity[];
  /** Words beside a line, by row. */
  remarks: { row: number; who: number; text: string; left?: boolean }[];
}

/** Some of them, beside each other. */
export interface ConversationsPicture {
  conversations: Conversation[];
  /** How many rows they have. */
  rows: number;
}

const ROW = 34;
const HEAD = 104;
const NAME = { width: 124, height: 34 };
/** From one line to the next. */
const BETWEEN = 154;
const BAR = 12;

/** Draws them. */
export function drawConversations(
  { conversations, rows }: ConversationsPicture,
): Drawing {
  let left = MARGIN;
  const elements: string[] = [];
  for (const conversation of conversations) {
    elements.push(...drawConversation(conversation, left, rows));
    left += (conversation.names.length - 1) * BETWEEN + NAME.width + 40;
  }
  return {
    width: left - 40 + MARGIN,
    height: HEAD + rows * ROW + MARGIN,
    elements,
  };
}

function drawConversation(
  { title, names, messages, activities, remarks }: Conversation,
  left: number,
  rows: number,
): string[] {
  const xOf = (who: number) => left + NAME.width / 2 + who * BETWEEN;
  const yOf = (row: number) => HEAD + row * ROW;
  return [
    drawText(title, { x: left, y: MARGIN }, "title"),
    ...names.flatMap((name, who) => [
      drawLine(
        [{ x: xOf(who), y: HEAD - 18 }, { x: xOf(who), y: yOf(rows) }],
        "plain dashed",
      ),
      ...drawLabelledBox(
        { x: xOf(who) - NAME.width / 2, y: HEAD - 54, ...NAME },
        { content: name, box: name === "the reactor" ? "library" : "ours" },
      ),
    ]),
    ...activities.map(({ who, from, to, waits = false }) => {
      const owner = names[who] === "the reactor" ? "library" : "ours";
      return drawBox({
        x: xOf(who) - BAR / 2,
        y: yOf(from),
        width: BAR,
        height: (to - from) * ROW,
      }, waits ? `${owner} waits` : owner);
    }),
    ...Object.entries(messages).flatMap(([row, message]) => {
      const y = yOf(Number(row));
      const direction = Math.sign(message.to - message.from);
      const from = { x: xOf(message.from) + direction * BAR / 2, y };
      const to = { x: xOf(message.to) - direction * BAR / 2, y };
      return [
        ...drawArrow(
          [from, to],
          message.returns ? "callback dashed" : "ours",
        ),
        ...drawOnLine(
          message.text,
          { x: (from.x + to.x) / 2, y: y - 11 },
          "label middle",
        ),
      ];
    }),
    ...remarks.flatMap(({ row, who, text, left }) =>
      drawOnLine(
        text,
        { x: xOf(who) + (left ? -BAR : BAR), y: yOf(row) },
        left ? "note end" : "note",
      )
    ),
  ];
}
