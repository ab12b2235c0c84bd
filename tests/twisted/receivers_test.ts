import { assert, assertEquals } from "@std/assert";
import {
  Int16StringReceiver,
  Int32StringReceiver,
  Int8StringReceiver,
  type IntNStringReceiver,
  LineReceiver,
  NetstringReceiver,
} from "../../mod.ts";
import { present } from "../reactor/policies/support.ts";
import {
  bytes,
  connect,
  cuts,
  randomNumbers,
} from "../reactor/protocols/support.ts";
import { python, testWithTwisted } from "./support.ts";

interface Case {
  kind: string;
  input: number[];
  send: number[][];
}

/** What a receiver does in a case. */
interface Outcome {
  calls: [string, number | number[]][];
  closed: boolean;
  sent: number[];
}

/** A receiver, and what sends a message. */
interface Receiver {
  protocol: LineReceiver | NetstringReceiver | IntNStringReceiver;
  send: (message: Uint8Array) => void;
}

function lines(calls: Outcome["calls"]): Receiver {
  const protocol = new LineReceiver();
  protocol.lineReceived = (line) =>
    void calls.push(["lineReceived", [...line]]);
  protocol.lineLengthExceeded = (start) => {
    calls.push(["lineLengthExceeded", [...start]]);
    protocol.transport.loseConnection();
  };
  return { protocol, send: (line) => protocol.sendLine(line) };
}

function netstrings(calls: Outcome["calls"]): Receiver {
  const protocol = new NetstringReceiver();
  protocol.stringReceived = (string) =>
    void calls.push(["stringReceived", [...string]]);
  return { protocol, send: (string) => protocol.sendString(string) };
}

function strings(make: () => IntNStringReceiver) {
  return (calls: Outcome["calls"]): Receiver => {
    const protocol = make();
    protocol.stringReceived = (string) =>
      void calls.push(["stringReceived", [...string]]);
    protocol.lengthLimitExceeded = (length) => {
      calls.push(["lengthLimitExceeded", length]);
      protocol.transport.loseConnection();
    };
    return { protocol, send: (string) => protocol.sendString(string) };
  };
}

/** The receivers, each with pieces that its input is made of. */
const KINDS: Record<
  string,
  { make: (calls: Outcome["calls"]) => Receiver; pieces: (string | number[])[] }
> = {
  LineReceiver: {
    make: lines,
    pieces: ["\r\n", "\r\n", "\r", "\n", "a", "line", "twelve bytes", "ü"],
  },
  NetstringReceiver: {
    make: netstrings,
    pieces: [
      ...["0:,", "1:,,", "5:hello,", "12:twelve bytes,", "3:ü1,"],
      ...["1:a", ":", "13", "x", "02:ab,", "-"],
    ],
  },
  Int8StringReceiver: {
    make: strings(() => new Int8StringReceiver()),
    pieces: [[0], [1, 2], [3, 97, 98, 99], [12], [13], [255]],
  },
  Int16StringReceiver: {
    make: strings(() => new Int16StringReceiver()),
    pieces: [[0, 0], [0, 1, 2], [0, 3, 97, 98, 99], [0, 12], [1], [255]],
  },
  Int32StringReceiver: {
    make: strings(() => new Int32StringReceiver()),
    pieces: [
      ...[[0, 0, 0, 0], [0, 0, 0, 1, 2], [0, 0, 0, 3, 97, 98, 99]],
      ...[[0, 0, 0, 12, 0], [0], [128, 0, 0, 0], [255, 255, 255, 255]],
    ],
  },
};

function randomCases(): Case[] {
  const random = randomNumbers(1);
  const below = (most: number) => Math.floor(random() * most);
  return Object.entries(KINDS).flatMap(([kind, { pieces }]) =>
    Array.from({ length: 200 }, () => {
      const input = Array.from({ length: below(12) }, () => {
        const piece = pieces[below(pieces.length)] ?? [];
        return typeof piece === "string" ? [...bytes(piece)] : piece;
      });
      const send = Array.from({ length: below(4) }, () => {
        return Array.from({ length: below(20) }, () => below(256));
      });
      return { kind, input: input.flat(), send };
    })
  );
}

function run({ kind, send }: Case, pieces: Uint8Array[]): Outcome {
  const calls: Outcome["calls"] = [];
  const receiver = present(KINDS[kind]).make(calls);
  receiver.protocol.MAX_LENGTH = 12;
  const { protocol, transport } = connect(receiver.protocol);
  for (const piece of pieces) protocol.dataReceived(piece);
  for (const message of send) receiver.send(Uint8Array.from(message));
  const { disconnecting: closed } = transport;
  return { calls, closed, sent: [...transport.value()] };
}

async function runTwisted(cases: Case[]): Promise<Outcome[]> {
  const child = python("receivers.py", [], "piped").spawn();
  const writer = child.stdin.getWriter();
  await writer.write(bytes(JSON.stringify(cases)));
  await writer.close();
  const { stdout, stderr } = await child.output();
  assertEquals(new TextDecoder().decode(stderr), "");
  return JSON.parse(new TextDecoder().decode(stdout));
}

testWithTwisted(
  "receivers make the calls of Twisted's, whatever comes and however it is cut",
  async () => {
    const cases = randomCases();
    const outcomes = await runTwisted(cases);
    assertEquals(outcomes.length, cases.length);
    const closed = outcomes.filter((outcome) => outcome.closed).length;
    assert(closed > 100 && closed < cases.length - 100);
    for (const [at, one] of cases.entries()) {
      for (const { name, pieces } of cuts(Uint8Array.from(one.input))) {
        const what = `${one.kind}, ${JSON.stringify(one.input)}, ${name}`;
        assertEquals(run(one, pieces), outcomes[at], what);
      }
    }
  },
);
