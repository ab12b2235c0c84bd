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
import { AccumulatingProtocol, connectProtocols } from "../../../testing.ts";
import { bytes, connect, pieceSizes } from "./support.ts";

/** As much as a connection gives out at once. */
const READ = 64 * 1024;

type Limited = BufferingProtocol & { readonly MAX_LENGTH: number };

/** The size of the array that the bytes wait in, between two reads. */
function held(protocol: BufferingProtocol): number {
  return protocol["buffer"].peek().buffer.byteLength;
}

/** Has a receiver of lines pause at each line. */
function lines(protocol: LineReceiver, patient = false): Limited {
  protocol.lineReceived = () => protocol.pauseProducing();
  if (patient) protocol.lineLengthExceeded = () => {};
  return protocol;
}

/** Has a receiver of strings pause at each string. */
function strings<P extends NetstringReceiver | IntNStringReceiver>(
  protocol: P,
): P {
  protocol.stringReceived = () => protocol.pauseProducing();
  return protocol;
}

/** One that puts up with strings that are too long. */
function patientStrings(): Limited {
  const protocol = strings(new Int32StringReceiver());
  protocol.lengthLimitExceeded = () => {};
  return protocol;
}

/** A peer that means no good: how it begins, before it goes on and on. */
interface Peer {
  what: string;
  make: () => Limited;
  /** Something short and whole, at which the receiver pauses. */
  whole: Uint8Array;
  begin: Uint8Array;
  /** Whether its connection is closed in the end. */
  closed: boolean;
}

const LINE = bytes("\r\n");
const NETSTRING = bytes("0:,");
const EMPTY_INT32 = new Uint8Array(4);
const HUGE = Uint8Array.of(255, 255, 255, 255);
/** 99999, the longest that is received, as an Int32. */
const LONGEST = Uint8Array.of(0, 1, 0x86, 0x9f);

const PEERS: Peer[] = [
  {
    what: "LineReceiver: a line without an end",
    make: () => lines(new LineReceiver()),
    whole: LINE,
    begin: bytes("x"),
    closed: true,
  },
  {
    what: "LineReceiver: a line without an end that is put up with",
    make: () => lines(new LineReceiver(), true),
    whole: LINE,
    begin: bytes("x"),
    closed: false,
  },
  {
    what: "LineOnlyReceiver: a line without an end",
    make: () => lines(new LineOnlyReceiver()),
    whole: LINE,
    begin: bytes("x"),
    closed: true,
  },
  {
    what: "LineOnlyReceiver: a line without an end that is put up with",
    make: () => lines(new LineOnlyReceiver(), true),
    whole: LINE,
    begin: bytes("x"),
    closed: false,
  },
  {
    what: "NetstringReceiver: a length of ten digits",
    make: () => strings(new NetstringReceiver()),
    whole: NETSTRING,
    begin: bytes("4294967295:"),
    closed: true,
  },
  {
    what: "NetstringReceiver: a length without an end",
    make: () => strings(new NetstringReceiver()),
    whole: NETSTRING,
    begin: bytes("9".repeat(READ)),
    closed: true,
  },
  {
    what: "NetstringReceiver: the longest string, without its end",
    make: () => strings(new NetstringReceiver()),
    whole: NETSTRING,
    begin: bytes("99999:"),
    closed: true,
  },
  {
    what: "Int8StringReceiver: the longest string",
    make: () => strings(new Int8StringReceiver()),
    whole: Uint8Array.of(0),
    begin: HUGE,
    closed: false,
  },
  {
    what: "Int16StringReceiver: the longest string",
    make: () => strings(new Int16StringReceiver()),
    whole: Uint8Array.of(0, 0),
    begin: HUGE,
    closed: false,
  },
  {
    what: "Int32StringReceiver: a length of 2^32 - 1",
    make: () => strings(new Int32StringReceiver()),
    whole: EMPTY_INT32,
    begin: HUGE,
    closed: true,
  },
  {
    what: "Int32StringReceiver: a length of 2^32 - 1 that is put up with",
    make: patientStrings,
    whole: EMPTY_INT32,
    begin: HUGE,
    closed: false,
  },
  {
    what: "Int32StringReceiver: the longest string, and then a longer one",
    make: () => strings(new Int32StringReceiver()),
    whole: EMPTY_INT32,
    begin: LONGEST,
    closed: true,
  },
];

/** What a peer sends: several times what they may hold. */
function flood({ begin }: Peer): Uint8Array {
  const all = new Uint8Array(begin.length + 5 * READ).fill(0x78);
  all.set(begin);
  return all;
}

function assertWithin(protocol: Limited, name: string): void {
  const bytes = held(protocol);
  assert(bytes <= protocol.MAX_LENGTH + READ, `${name}: ${bytes} are held`);
}

for (const peer of PEERS) {
  Deno.test(`${peer.what} has no more held than MAX_LENGTH and one read`, () => {
    const data = flood(peer);
    for (const { name, size } of pieceSizes(READ)) {
      const { protocol, transport } = connect(peer.make());
      // One by one, fewer bytes are enough to be more than it may hold.
      const most = name === "byte by byte"
        ? protocol.MAX_LENGTH * 1.1
        : data.length;
      for (let at = 0; at < most;) {
        // A read comes alone in its memory.
        const read = data.slice(at, at + Math.min(size(), READ));
        at += read.length;
        protocol.dataReceived(read);
        assertWithin(protocol, name);
        while (protocol.paused) protocol.resumeProducing();
      }
      assertEquals(transport.disconnecting, peer.closed, name);
      if (peer.closed) assertEquals(held(protocol), 0, name);
    }
  });

  Deno.test(`${peer.what} has no more held while the receiver is paused, or after`, () => {
    for (const size of [1000, READ]) {
      const pump = connectProtocols(new AccumulatingProtocol(), peer.make());
      const { server } = pump;
      pump.clientTransport.writeSequence([peer.whole, flood(peer)]);
      pump.flush(size);
      assert(server.paused);
      assertWithin(server, `paused, ${size} at a time`);
      while (server.paused) {
        server.resumeProducing();
        pump.flush(size);
        assertWithin(server, `resumed, ${size} at a time`);
      }
      assertEquals(pump.client.closed, peer.closed);
    }
  });
}
