/**
 * Times round trips with nothing but Deno. Its arguments are the port, what is sent,
 * and the figure.
 */

import { answer } from "./answer.ts";
import { ANSWER, BODY, HEADER, PING, Stopwatch } from "./round_trips.ts";

const [port, what, figure] = Deno.args;
const stopwatch = new Stopwatch(what, figure);
const send = what === "pings" ? ping : sendMessage;
const size = what === "pings" ? PING.length : ANSWER.length;

/** Sixteen bytes always fit. */
async function ping(conn: Deno.Conn): Promise<void> {
  await conn.write(PING);
}

/**
 * In one write: after two, the body would wait until the peer has acknowledged the
 * header, which it puts off, 44 ms in all.
 */
async function sendMessage(conn: Deno.Conn): Promise<void> {
  const message = new Uint8Array(HEADER.length + BODY.length);
  message.set(HEADER);
  message.set(BODY, HEADER.length);
  for (let sent = 0; sent < message.length;) {
    sent += await conn.write(message.subarray(sent));
  }
}

async function measure(): Promise<number> {
  using conn = await Deno.connect({
    hostname: "127.0.0.1",
    port: Number(port),
  });
  const buffer = new Uint8Array(4 * 1024);
  stopwatch.start();
  do {
    await send(conn);
    for (let received = 0; received < size;) {
      const count = await conn.read(buffer);
      if (count === null) throw new Error("The peer has closed the connection");
      received += count;
    }
  } while (!stopwatch.lap());
  return stopwatch.figure;
}

await answer(0, measure);
