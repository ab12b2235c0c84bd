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

import { formatAddress, type SocketAddress } from "../cli/addresses.ts";
import type { Connection, Connections } from "../poetry/connections.ts";
import { exitOnUsageError } from "../cli/usage_error.ts";
import { listenAt, listenAtEndpoint } from "../poetry/listen_at.ts";
import {
  delay,
  iface,
  listen,
  numBytes,
  port,
  sendTimeout,
} from "../cli/options.ts";
import { program } from "../poetry/program.ts";
import { parseServerArguments } from "./shared/server_arguments.ts";

const ABOUT = `
This is the slow poetry server. It sends a poem to whoever connects, a few bytes
at a time, and to one client after the other:

  deno run --allow-net --allow-read server/slowpoetry.ts poetry/ecstasy.txt

It prints the port it listens on, which is where a client finds it. Told to
--listen it takes a UNIX socket as well.
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

async function serve(listener: Connections, poem: Uint8Array, pace: Pace) {
  for await (const connection of listener) {
    console.log(`Somebody at ${nameOf(connection.remoteAddr)} wants poetry!`);
    // Awaiting here, before the next connection is accepted, is what makes it wait.
    await sendPoem(connection, poem, pace);
  }
}

function nameOf(client: SocketAddress): string {
  if ("path" in client) return "a UNIX socket";
  return `('${client.hostname}', ${client.port})`;
}

async function sendPoem(connection: Connection, poem: Uint8Array, pace: Pace) {
  const ignoring = ignoreWhatItSays(connection);
  try {
    for (let sent = 0; sent < poem.length; sent += pace.numBytes) {
      const piece = poem.subarray(sent, sent + pace.numBytes);
      console.log(`Sending ${piece.length} bytes`);
      await writeAll(connection, piece, pace.sendTimeout);
      await sleep(pace.delay);
    }
  } catch {
    // The client has gone away. The next one waits for its turn.
  } finally {
    connection.close();
    await ignoring;
  }
}

/** A single write may take fewer bytes than it is given; of who reads nothing, none. */
async function writeAll(
  connection: Connection,
  bytes: Uint8Array,
  timeout: number,
) {
  for (let written = 0; written < bytes.length;) {
    const giveUp = setTimeout(() => {
      console.log(
        `Somebody at ${
          nameOf(connection.remoteAddr)
        } has read nothing for ${timeout} seconds: disconnecting.`,
      );
      connection.abort();
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
async function ignoreWhatItSays(connection: Connection) {
  const anything = new Uint8Array(1024);
  try {
    while (await connection.read(anything) !== null) { /* and read on */ }
  } catch {
    // The connection is closed.
  }
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

async function main() {
  const { file, poem, options } = parseServerArguments(ABOUT, {
    port,
    iface,
    listen,
    delay,
    "num-bytes": numBytes,
    "send-timeout": sendTimeout,
  });
  const listener = exitOnUsageError(() =>
    options.listen === undefined
      ? listenAt({ hostname: options.iface, port: options.port })
      : listenAtEndpoint(options.listen)
  );
  const { addr } = listener;
  const where = "port" in addr ? `port ${addr.port}` : formatAddress(addr);
  console.log(`Serving ${file} on ${where}.`);
  await serve(listener, poem, {
    numBytes: options["num-bytes"],
    delay: options.delay,
    sendTimeout: options["send-timeout"],
  });
}

program.run(main);
