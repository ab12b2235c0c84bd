// What must hold of the two sides of a random program together.

import { ConnectionAborted, ConnectionDone } from "../../mod.ts";
import type { RandomSide } from "./random_side.ts";
import { Thrown, type World } from "./random_world.ts";

/** The two sides of a program, and what their connection can do. */
export interface Encounter {
  readonly world: World;
  readonly server: RandomSide;
  readonly client: RandomSide;
  /** Whether an abort is seen by the peer as such. */
  readonly canReset: boolean;
}

/** Both sides, each with the other one. */
export function bothWays(
  { server, client }: Encounter,
): [RandomSide, RandomSide][] {
  return [[server, client], [client, server]];
}

/** Whether nothing more can happen, because both ends are over. */
export function isOver({ server, client }: Encounter): boolean {
  return client.isLost && server.isLost;
}

/**
 * What should have happened by now, where nothing moves any more.
 *
 * @returns what it is that does not come; nothing, where nothing is due
 */
export function findOverdue(encounter: Encounter): string | undefined {
  const { world, server, client } = encounter;
  if (world.pending > 0) return "what was put off does not come";
  const canBeMissed = client.isAborted || client.mayAbort || hasFailed(client);
  if (client.isMade && !server.isMade && !canBeMissed) {
    return "server: connectionMade does not come";
  }
  for (const [us, peer] of bothWays(encounter)) {
    const text = overdueOf(us, peer);
    if (text !== undefined) return `${us.name}: ${text}`;
  }
  return undefined;
}

function overdueOf(us: RandomSide, peer: RandomSide): string | undefined {
  if (!us.isLive) return undefined;
  if (us.isAborted) return "the abort does not come to its end";
  if (us.mustFail || us.mayFail) return "it has failed, and is not lost";
  if (!peer.isMade) return undefined;
  if (us.isReading) {
    if (peer.isLost) return "the end of the peer is not told";
    if (us.received < peer.promised && !peer.isAborted) {
      return `${peer.promised - us.received} bytes do not arrive`;
    }
    if (us.world.isSecure && us.handshakes === 0 && !peer.isClosing) {
      return "handshakeCompleted does not come";
    }
  }
  return overdueToPeer(us, peer);
}

/** What does not go out, though the peer takes what comes. */
function overdueToPeer(us: RandomSide, peer: RandomSide): string | undefined {
  if (!peer.isReading && !peer.isReadLost) return undefined;
  if (us.producer !== undefined) {
    const isIdle = peer.received === us.written && !us.isWriteLost;
    return us.producer.isWaiting && isIdle
      ? "the producer is not told to go on"
      : undefined;
  }
  if (us.isClosing) return "loseConnection does not come to its end";
  if (!us.isHalfClosing) return undefined;
  if (!peer.isReadLost) return "the end of this half is not told to the peer";
  if (us.script.halfCloseable && !us.isWriteLost) {
    return "writeConnectionLost does not come";
  }
  return us.isReadLost
    ? "both halves are closed, and it is not lost"
    : undefined;
}

/** Whether two sides wait for each other to read, as their program has it. */
export function isDeadlock({ server, client }: Encounter): boolean {
  return server.isLive && client.isLive && server.isClosing &&
    client.isClosing && server.received < client.written &&
    client.received < server.written;
}

/** Finds what is wrong with how the two sides have ended. */
export function checkEnds(encounter: Encounter): void {
  for (const [us, peer] of bothWays(encounter)) {
    if (us.isReadLost || us.reason instanceof ConnectionDone) {
      checkCleanEnd(us, peer, encounter);
    }
    checkUncleanEnd(us, peer);
  }
}

function hasFailed(side: RandomSide): boolean {
  return side.mustFail || side.mayFail;
}

/** Whoever hears of a clean end has got all, unless it did not want it. */
function checkCleanEnd(
  us: RandomSide,
  peer: RandomSide,
  { world, canReset }: Encounter,
): void {
  if (us.isClosing && !us.isReadLost) return;
  const somebody = [us, peer].some((side) =>
    side.isClosing || side.isHalfClosing || side.isAborted || hasFailed(side)
  );
  if (!somebody && !world.stopped) {
    us.fault("a clean end that nobody has asked for");
  }
  if (us.received >= peer.promised) return;
  // It has sent no more than it had when it failed, and the end behind that.
  if (hasFailed(peer)) return;
  if (peer.isAborted && !canReset) return;
  const isEndedByUs = !peer.script.halfCloseable && us.isHalfClosing;
  if (isEndedByUs && !peer.isClosing) return;
  us.fault(
    `a clean end after ${us.received} of ${peer.promised} bytes`,
  );
}

/** Where nothing is broken off and nothing left unread, all ends are clean. */
function checkUncleanEnd(us: RandomSide, peer: RandomSide): void {
  const { reason, world } = us;
  if (reason === undefined || reason instanceof ConnectionDone) return;
  if (reason instanceof ConnectionAborted || reason instanceof Thrown) return;
  if (world.stopped || peer.isAborted || peer.mayAbort) return;
  // What it has not read breaks the connection when it closes it.
  if (peer.received < us.written) return;
  if (world.isSecure && hasFailed(peer) && peer.handshakes === 0) return;
  us.fault(`lost with ${reason} though nobody has broken the connection`);
}
