/**
 * Part 1: one after the other, all at once, and taking turns.
 *
 * @module
 */

import type { Figure } from "../figure.ts";
import type { Piece } from "../lanes.ts";

type Task = NonNullable<Piece["who"]>;

const UNIT = 22;

/** The same work in all four figures. */
function work(who: Task, length: number): Piece {
  return { who, length, name: who.replace("-", " ").replace("t", "T") };
}

/** A piece of a task that is cut into pieces, with its number alone. */
function piece(who: Task, length = 1): Piece {
  return { who, length, name: who.slice(-1) };
}

function wait(who: Task, length: number): Piece {
  return { who, length, name: "waits", waits: true };
}

export const PART_1: Figure[] = [
  {
    name: "synchronous",
    part: 1,
    number: 1,
    title:
      "The synchronous model: one thread does Task 1, then Task 2, then Task 3.",
    picture: {
      kind: "lanes",
      data: {
        unit: UNIT,
        lanes: [{
          name: "the thread",
          pieces: [work("task-1", 4), work("task-2", 4), work("task-3", 4)],
        }],
        notes: ["Each task begins when the one before it is done."],
      },
    },
  },
  {
    name: "threaded",
    part: 1,
    number: 2,
    title:
      "The threaded model: three threads do a task each, all at the same time.",
    picture: {
      kind: "lanes",
      data: {
        unit: UNIT,
        lanes: [
          { name: "thread 1", pieces: [work("task-1", 4)] },
          { name: "thread 2", pieces: [work("task-2", 4)] },
          { name: "thread 3", pieces: [work("task-3", 4)] },
        ],
        notes: [
          "The system says which of them run, and when. It may interrupt each anywhere:",
          "the tasks have to agree on who may touch what they share.",
        ],
      },
    },
  },
  {
    name: "asynchronous",
    part: 1,
    number: 3,
    title:
      "The asynchronous model: one thread does pieces of Task 1, 2 and 3 in turns.",
    picture: {
      kind: "lanes",
      data: {
        unit: UNIT,
        lanes: [{
          name: "the thread",
          pieces: [
            piece("task-1"),
            piece("task-2"),
            piece("task-1"),
            piece("task-3", 2),
            piece("task-2"),
            piece("task-1"),
            piece("task-3"),
            piece("task-2", 2),
            piece("task-3"),
            piece("task-1"),
          ],
        }],
        notes: [
          "One task runs at a time. Each gives up control by itself, where one piece ends",
          "and the next begins: nobody interrupts it before.",
        ],
      },
    },
  },
  {
    name: "blocking",
    part: 1,
    number: 4,
    title:
      "A synchronous program that blocks: each task waits between its pieces, and the thread with it.",
    picture: {
      kind: "lanes",
      data: {
        unit: UNIT,
        lanes: [{
          name: "the thread",
          pieces: [
            piece("task-1"),
            wait("task-1", 2),
            piece("task-1", 2),
            wait("task-1", 2),
            piece("task-1"),
            piece("task-2"),
            wait("task-2", 2),
            piece("task-2"),
            wait("task-2", 2),
            piece("task-2", 2),
            piece("task-3"),
            wait("task-3", 2),
            piece("task-3", 2),
            wait("task-3", 2),
            piece("task-3"),
          ],
        }],
        notes: [
          "The same work, and as much waiting again: for the network, for a disk.",
          "While one task waits, the thread does nothing, though the others could go on.",
        ],
      },
    },
  },
];
