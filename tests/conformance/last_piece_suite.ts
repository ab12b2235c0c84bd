// Producers that write their last piece, are unregistered and close the
// connection, or their half of it, in one go: nothing of that piece may be
// lost.

import { assertEquals } from "@std/assert";
import type { Transport } from "../../mod.ts";
import { type Carrier, CARRIERS, overEach } from "./carriers.ts";
import type { Suite } from "./conformance.ts";

/** Where more than this waits to be sent, a producer has to wait. */
const FULL = 64 * 1024;

/** What the system takes at once. */
const SMALL = 10;

/** More than the buffers of any kernel between two sockets hold. */
const LARGE = 8 * 1024 * 1024;

const PIECES = 3;

const ENDS = [
  "loseConnection",
  "loseWriteConnection",
  "stopConsuming",
] as const;

/** How a producer gives out its pieces. */
interface Way {
  readonly streaming: boolean;
  readonly size: number;
  readonly end: typeof ENDS[number];
}

/** Defines the tests. */
export function lastPieceSuite(suite: Suite): void {
  for (const streaming of [false, true]) {
    for (const end of ENDS) {
      lastPiece(suite, CARRIERS, { streaming, size: SMALL, end });
      lastPiece(suite, ["TCP", "UNIX"], { streaming, size: LARGE, end });
    }
  }
}

function lastPiece(
  suite: Suite,
  carriers: readonly Carrier[],
  way: Way,
): void {
  const { streaming, size, end } = way;
  const kind = streaming ? "push" : "pull";
  overEach(
    suite,
    carriers,
    `producer: the last ${size} bytes of a ${kind} producer go out before its ${end}`,
    async (net, pair) => {
      const { client } = pair({
        server: { connectionMade: ({ transport }) => produce(transport, way) },
      });
      await net.runUntil(
        "client connectionLost ConnectionDone",
        "server connectionLost ConnectionDone",
      );
      const { sizes } = client.protocolBuilt;
      const before = streaming ? FULL : 0;
      assertEquals(
        sizes.reduce((sum, size) => sum + size, 0),
        before + PIECES * size,
      );
    },
  );
}

/** Registers a producer, whose last piece comes when it is told to go on. */
function produce(transport: Transport, { streaming, size, end }: Way): void {
  let left = PIECES;
  const give = () => {
    left--;
    transport.write(new Uint8Array(size));
  };
  const producer = {
    resumeProducing() {
      give();
      if (left > 0) return;
      if (end !== "stopConsuming") transport.unregisterProducer();
      transport[end]();
    },
    pauseProducing() {},
    stopProducing() {},
  };
  if (!streaming) return transport.registerProducer(producer, false);
  transport.registerProducer(producer, true);
  transport.write(new Uint8Array(FULL));
  while (left > 1) give();
}
