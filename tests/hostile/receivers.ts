// The protocols that hostile peers are let loose on. Each answers the messages
// that it receives.

import {
  FileSender,
  Int32StringReceiver,
  LineReceiver,
  NetstringReceiver,
  Protocol,
  type ProtocolLike,
} from "../../mod.ts";
import type { Exchange } from "./behaviours.ts";

/** A kind of protocol, and what can be said to it. */
export interface Receiver extends Exchange {
  readonly name: string;
  make(): ProtocolLike;
}

const encoder = new TextEncoder();
const bytes = (text: string) => encoder.encode(text);

class Echo extends Protocol {
  override dataReceived(data: Uint8Array): void {
    this.transport.write(data);
  }
}

/** Goes on when the peer has closed its half. */
class EchoToTheEnd extends Echo {
  readConnectionLost(): void {
    this.transport.loseConnection();
  }
}

class EchoLines extends LineReceiver {
  override lineReceived(line: Uint8Array): void {
    this.sendLine(line);
  }
}

class EchoNetstrings extends NetstringReceiver {
  override stringReceived(string: Uint8Array): void {
    this.sendString(string);
  }
}

class EchoStrings extends Int32StringReceiver {
  override stringReceived(string: Uint8Array): void {
    this.sendString(string);
  }
}

class EchoStreams extends Protocol {
  override async connectionMade(): Promise<void> {
    const { readable, writable } = this.transport;
    await readable.pipeTo(writable);
  }
}

/** What a {@linkcode Sender} sends: several pieces, and more than one write takes. */
const FILE = Uint8Array.from({ length: 300_000 }, (_, at) => at % 251);

/** Sends a file for each line. */
class Sender extends LineReceiver {
  override async lineReceived(): Promise<void> {
    let at = 0;
    const file = {
      read(into: Uint8Array): Promise<number | null> {
        const piece = FILE.subarray(at, at + into.length);
        into.set(piece);
        at += piece.length;
        return Promise.resolve(piece.length || null);
      },
    };
    this.pauseProducing();
    try {
      await new FileSender().beginFileTransfer(file, this.transport);
      this.resumeProducing();
    } catch (error) {
      // The peer wants no more: connectionLost says why.
      if (this.transport.connected) throw error;
    }
  }
}

/** What echoes all that comes. */
function echo(
  name: string,
  make: () => ProtocolLike,
  { goesOn = false } = {},
): Receiver {
  const message = bytes("hello");
  const answered = (count: number) => count;
  return { name, make, message, answer: message, answered, goesOn };
}

/** What echoes each message when it has come whole. */
function echoWhole(
  name: string,
  make: () => ProtocolLike,
  ...messages: string[]
): Receiver {
  const message = bytes(messages.join(""));
  return {
    name,
    make,
    message,
    answer: message,
    answered(count) {
      let whole = 0;
      for (const { length } of messages) {
        if (whole + length <= count) whole += length;
      }
      return whole;
    },
  };
}

const REQUEST = bytes("all of it\r\n");

/** All of them. */
export const RECEIVERS: readonly Receiver[] = [
  echo("Protocol", () => new Echo()),
  echo("half-closeable", () => new EchoToTheEnd(), { goesOn: true }),
  echo("web streams", () => new EchoStreams(), { goesOn: true }),
  echoWhole("LineReceiver", () => new EchoLines(), "hello\r\n", "you\r\n"),
  echoWhole(
    "NetstringReceiver",
    () => new EchoNetstrings(),
    "5:hello,",
    "3:you,",
  ),
  echoWhole(
    "Int32StringReceiver",
    () => new EchoStrings(),
    "\0\0\0\x05hello",
  ),
  {
    name: "FileSender",
    make: () => new Sender(),
    message: REQUEST,
    answer: FILE,
    answered: (count) => count < REQUEST.length ? 0 : FILE.length,
  },
];

/** Those that differ in how they read and write. */
export const SOME_RECEIVERS = RECEIVERS.filter(({ name }) => {
  return ["Protocol", "web streams", "FileSender"].includes(name);
});
