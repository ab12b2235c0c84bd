/**
 * The slow poetry server: it sends a poem a few bytes at a time, and rests in between.
 * It serves one client after the other, so that the next has to wait until the last has
 * its poem. Every client in ../clients has a server like this on the other end.
 *
 * Terminal 1:
 *
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10000 poetry/ecstasy.txt
 *
 * Terminal 2:
 *
 *     nc 127.0.0.1 10000
 *
 * Start a second nc in terminal 3, and watch it wait. Ctrl-C ends the server.
 *
 * @module
 */

import { delay, iface, numBytes, port, sendTimeout } from "../cli/options.ts";
import { exitOnUsageError, reasonOf } from "../cli/exit.ts";
import { listen } from "./shared/listen.ts";
import { parseServerArguments } from "./shared/server_arguments.ts";

const ABOUT = `
This is the slow poetry server. It sends a poem to whoever connects, a few bytes
at a time, and to one client after the other:

  deno run --allow-net --allow-read server/slowpoetry.ts poetry/ecstasy.txt

It prints the port it listens on, which is where a client finds it.
`;

/** How slow the server is. */
interface Pace {
  /** The bytes it sends at a time. */
  numBytes: number;
  /** The seconds it rests after sending them. */
  delay: number;
  /** The seconds that a client may take none of them. */
  sendTimeout: number;
}

async function serve(listener: Deno.TcpListener, poem: Uint8Array, pace: Pace) {
  while (true) {
    using connection = await accept(listener);
    console.log(`Somebody at ${nameOf(connection)} wants poetry!`);
    // Awaiting here, before the next connection is accepted, is what makes it wait.
    await sendPoem(connection, poem, pace);
  }
}

/** `for await (const connection of listener)` would end at the first failure. */
export async function accept(
  listener: Pick<Deno.TcpListener, "accept">,
): Promise<Deno.TcpConn> {
  let isFailing = false;
  while (true) {
    try {
      return await listener.accept();
    } catch (error) {
      // This client has gone away while it waited.
      if (error instanceof Deno.errors.NotConnected) continue;
      // Too many open files, for example: the client stays in the queue.
      if (!isFailing) {
        console.error(
          `Cannot accept connections, retrying: ${reasonOf(error)}.`,
        );
      }
      isFailing = true;
      await sleep(1);
    }
  }
}

async function sendPoem(
  connection: Deno.TcpConn,
  poem: Uint8Array,
  pace: Pace,
) {
  ignoreWhatItSays(connection);
  try {
    for (let sent = 0; sent < poem.length; sent += pace.numBytes) {
      const piece = poem.subarray(sent, sent + pace.numBytes);
      console.log(`Sending ${piece.length} bytes`);
      await writeAll(connection, piece, pace.sendTimeout);
      await sleep(pace.delay);
    }
  } catch {
    // The client has gone away. The next one waits for its turn.
  }
}

/** A single write may take fewer bytes than it is given; of who reads nothing, none. */
async function writeAll(
  connection: Deno.TcpConn,
  bytes: Uint8Array,
  timeout: number,
) {
  for (let written = 0; written < bytes.length;) {
    const giveUp = setTimeout(() => {
      console.log(
        `Somebody at ${nameOf(connection)} has read nothing for ${timeout} ` +
          "seconds: disconnecting.",
      );
      // This also ends the write that waits.
      connection.close();
    }, timeout * 1000);
    try {
      written += await connection.write(bytes.subarray(written));
    } finally {
      clearTimeout(giveUp);
    }
  }
}

/**
 * Clients have nothing to say. But to close a connection with something left unread is
 * to reset it, and that can take the end of the poem away from a client still reading.
 */
async function ignoreWhatItSays(connection: Deno.TcpConn) {
  const anything = new Uint8Array(1024);
  try {
    while (await connection.read(anything) !== null) { /* and read on */ }
  } catch {
    // The connection is closed.
  }
}

function nameOf({ remoteAddr: { hostname, port } }: Deno.TcpConn): string {
  return `('${hostname}', ${port})`;
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

async function main() {
  const { file, poem, options } = parseServerArguments(ABOUT, {
    port,
    iface,
    delay,
    "num-bytes": numBytes,
    "send-timeout": sendTimeout,
  });
  const listener = exitOnUsageError(() =>
    listen({ hostname: options.iface, port: options.port })
  );
  console.log(`Serving ${file} on port ${listener.addr.port}.`);
  await serve(listener, poem, {
    numBytes: options["num-bytes"],
    delay: options.delay,
    sendTimeout: options["send-timeout"],
  });
}

if (import.meta.main) await main();
