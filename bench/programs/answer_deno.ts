/**
 * Answers over each connection: pings with what came, messages of a header and a
 * body with a few bytes when the whole has come. Its argument is which.
 */

import { answer } from "./answer.ts";
import { ANSWER, BODY, HEADER } from "./round_trips.ts";

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const serve = Deno.args[0] === "pings" ? echo : answerMessages;

async function echo(conn: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(4 * 1024);
  for (;;) {
    const count = await conn.read(buffer);
    if (count === null) return conn.close();
    await conn.write(buffer.subarray(0, count));
  }
}

async function answerMessages(conn: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(4 * 1024);
  for (let received = 0;;) {
    const count = await conn.read(buffer);
    if (count === null) return conn.close();
    received += count;
    if (received < HEADER.length + BODY.length) continue;
    received = 0;
    await conn.write(ANSWER);
  }
}

async function serveAll(): Promise<void> {
  for await (const conn of listener) {
    serve(conn).catch((error) => console.error("No answer was sent:", error));
  }
}

await Promise.all([serveAll(), answer(listener.addr.port, () => 0)]);
