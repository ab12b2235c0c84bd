/**
 * Part 5: who makes whom, who knows whom, and who calls a protocol.
 *
 * @module
 */

import type { Figure } from "../figure.ts";
import { MARGIN } from "../drawing.ts";
import {
  besideMember,
  besideName,
  HALF_NAME,
  type ObjectBox,
} from "../objects.ts";

const FACTORY: ObjectBox = {
  name: "PoetryClientFactory",
  whose: "ours",
  members: ["buildProtocol()", "protocol = PoetryProtocol"],
  at: { x: 224, y: MARGIN },
  width: 226,
};

const PROTOCOL: ObjectBox = {
  name: "PoetryProtocol",
  whose: "ours",
  members: ["factory", "transport", "connected"],
  at: { x: 560, y: MARGIN },
  width: 176,
};

const REACTOR: ObjectBox = {
  name: "the reactor",
  whose: "library",
  members: [],
  at: { x: MARGIN, y: besideMember(FACTORY, 0, "left").y - HALF_NAME },
  width: 130,
};

/** Below the factory, where the reference comes back to it. */
const FOOT = { x: 337, y: 110 };

const factory = besideMember(PROTOCOL, 0, "left");

const CONNECTED: ObjectBox = {
  name: "PoetryProtocol",
  whose: "ours",
  members: [
    "makeConnection()",
    "connectionMade()",
    "factory",
    "transport",
    "connected = true",
  ],
  at: { x: 276, y: MARGIN },
  width: 186,
};

const TRANSPORT: ObjectBox = {
  name: "Connection",
  whose: "library",
  members: ["write()", "loseConnection()"],
  at: { x: 560, y: besideMember(CONNECTED, 3, "right").y - HALF_NAME },
  width: 176,
};

const ITS_FACTORY: ObjectBox = {
  name: "PoetryClientFactory",
  whose: "ours",
  members: [],
  at: { x: MARGIN, y: besideMember(CONNECTED, 2, "left").y - HALF_NAME },
  width: 176,
};

const CALLER: ObjectBox = {
  ...REACTOR,
  at: { x: MARGIN, y: besideMember(CONNECTED, 0, "left").y - HALF_NAME },
  width: 176,
};

const made = besideMember(CONNECTED, 0, "right");
const told = besideMember(CONNECTED, 1, "right");

export const PART_5: Figure[] = [
  {
    name: "protocol-made",
    part: 5,
    number: 8,
    title:
      "A factory makes a protocol: the reactor calls buildProtocol, which makes an instance of the factory's protocol class, and sets its factory.",
    picture: {
      kind: "objects",
      data: {
        objects: [REACTOR, FACTORY, PROTOCOL],
        arrows: [
          {
            number: 1,
            through: [
              besideName(REACTOR, "right"),
              besideMember(FACTORY, 0, "left"),
            ],
          },
          {
            number: 2,
            through: [
              besideName(FACTORY, "right"),
              besideName(PROTOCOL, "left"),
            ],
          },
          {
            number: 3,
            refers: true,
            through: [
              factory,
              { x: factory.x - 30, y: factory.y },
              { x: factory.x - 30, y: FOOT.y + 34 },
              { x: FOOT.x, y: FOOT.y + 34 },
              FOOT,
            ],
          },
        ],
        steps: [
          "For each new connection, the reactor calls buildProtocol().",
          "buildProtocol() makes a new PoetryProtocol: the class that protocol names.",
          "It sets the new one's factory, which refers back from now on.",
        ],
      },
    },
  },
  {
    name: "protocol-connected",
    part: 5,
    number: 9,
    title:
      "A protocol meets its transport: the reactor calls makeConnection, which sets transport and connected, and calls connectionMade.",
    picture: {
      kind: "objects",
      data: {
        objects: [CALLER, ITS_FACTORY, CONNECTED, TRANSPORT],
        arrows: [
          {
            number: 1,
            through: [
              besideName(CALLER, "right"),
              besideMember(CONNECTED, 0, "left"),
            ],
          },
          {
            number: 2,
            refers: true,
            through: [
              besideMember(CONNECTED, 3, "right"),
              besideName(TRANSPORT, "left"),
            ],
          },
          {
            number: 3,
            through: [
              made,
              { x: made.x + 44, y: made.y },
              { x: told.x + 44, y: told.y },
              told,
            ],
          },
          {
            number: 4,
            refers: true,
            through: [
              besideMember(CONNECTED, 2, "left"),
              besideName(ITS_FACTORY, "right"),
            ],
          },
        ],
        steps: [
          "The reactor calls makeConnection(), with the transport of this connection.",
          "makeConnection() sets transport, which refers to it from now on, and connected.",
          "Then it calls connectionMade(): the protocol can write.",
          "The factory is there already: buildProtocol() has set it.",
        ],
      },
    },
  },
  {
    name: "reactor-data-received",
    part: 5,
    number: 10,
    title:
      "The reactor's loop calls doRead of the transport, and that calls dataReceived of client 2.0's protocol.",
    picture: {
      kind: "calls",
      data: {
        frames: [
          {
            name: "the reactor's loop",
            whose: "library",
            note: "hears: this socket is readable",
          },
          {
            name: "Connection.doRead()",
            whose: "library",
            note: "takes the bytes that are there",
          },
          {
            name: "PoetryProtocol.dataReceived()",
            whose: "ours",
            note: "adds them to the poem",
          },
        ],
      },
    },
  },
];
