import { assert, assertEquals } from "@std/assert";
import {
  type BufferingProtocol,
  Int16StringReceiver,
  Int32StringReceiver,
  Int8StringReceiver,
  type IntNStringReceiver,
  LineOnlyReceiver,
  LineReceiver,
  NetstringReceiver,
} from "../../../mod.ts";
import { connectProtocols } from "../../../testing.ts";
import { pieceSizes, randomNumbers } from "./support.ts";

/** A protocol, with what sends a message and what says who gets one. */
interface Talker {
  protocol: BufferingProtocol;
  send: (message: Uint8Array) => void;
  listen: (receiver: (message: Uint8Array) => void) => void;
}

function lines(protocol: LineReceiver): Talker {
  return {
    protocol,
    send: (line) => protocol.sendLine(line),
    listen: (receiver) => void (protocol.lineReceived = receiver),
  };
}

function strings(protocol: NetstringReceiver | IntNStringReceiver): Talker {
  return {
    protocol,
    send: (string) => protocol.sendString(string),
    listen: (receiver) => void (protocol.stringReceived = receiver),
  };
}

const KINDS: Record<string, () => Talker> = {
  LineReceiver: () => lines(new LineReceiver()),
  LineOnlyReceiver: () => lines(new LineOnlyReceiver()),
  NetstringReceiver: () => strings(new NetstringReceiver()),
  Int8StringReceiver: () => strings(new Int8StringReceiver()),
  Int16StringReceiver: () => strings(new Int16StringReceiver()),
  Int32StringReceiver: () => strings(new Int32StringReceiver()),
};

/** Messages of any bytes but one, so that no line has an end in it. */
function randomMessages(random: () => number): Uint8Array[] {
  return Array.from({ length: 100 }, () => {
    const length = Math.floor(random() ** 3 * 256);
    const message = Uint8Array.from(
      { length },
      () => Math.floor(random() * 256),
    );
    return message.map((byte) => byte === 13 ? 14 : byte);
  });
}

for (const [kind, make] of Object.entries(KINDS)) {
  Deno.test(`${kind}: what one sends another receives, paused or not, in pieces of any size`, () => {
    for (const { name, size } of pieceSizes(300)) {
      const random = randomNumbers(1);
      const messages = randomMessages(random);
      const [here, there] = [make(), make()];
      const { protocol } = there;
      const received: Uint8Array[] = [];
      let pauses = 0;
      there.listen((message) => {
        assert(!protocol.paused, name);
        received.push(message);
        if (random() < 0.2) protocol.pauseProducing();
      });
      const pump = connectProtocols(here.protocol, protocol);
      for (const message of messages) here.send(message);
      pump.flush(size);
      while (protocol.paused) {
        pauses++;
        protocol.resumeProducing();
        pump.flush(size);
      }
      // Not before: what was handed out must not have changed since.
      assertEquals(received, messages, name);
      assert(pauses > 0);
    }
  });
}
