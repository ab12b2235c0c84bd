/** Serves slow poems with nothing but Deno, and tells how it fares. */

import { answer } from "./answer.ts";
import { logNowhere, Observer, PACE, POEM } from "./slow_poems.ts";

const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const observer = new Observer((seconds, fn) => setTimeout(fn, seconds * 1000));
const say = logNowhere();

async function sendPoem(conn: Deno.TcpConn): Promise<void> {
  const { hostname, port } = conn.remoteAddr;
  say(`Somebody at ('${hostname}', ${port}) wants poetry!`);
  const ignoring = ignoreWhatItSays(conn);
  for (let sent = 0; sent < POEM.length; sent += PACE.numBytes) {
    const piece = POEM.subarray(sent, sent + PACE.numBytes);
    say(`Sending ${piece.length} bytes to ('${hostname}', ${port})`);
    for (let written = 0; written < piece.length;) {
      written += await conn.write(piece.subarray(written));
    }
    if (sent + piece.length === POEM.length) break;
    await new Promise((resolve) => setTimeout(resolve, PACE.delay * 1000));
  }
  await conn.closeWrite();
  await ignoring;
  conn.close();
}

async function ignoreWhatItSays(conn: Deno.TcpConn): Promise<void> {
  const buffer = new Uint8Array(4 * 1024);
  while (await conn.read(buffer) !== null) { /* and read on */ }
}

async function serve(): Promise<void> {
  for await (const conn of listener) {
    observer.opened();
    sendPoem(conn)
      .catch((error) => console.error("A connection broke:", error))
      .finally(() => observer.closed());
  }
}

await Promise.all([
  serve(),
  answer(listener.addr.port, (order) => observer.figure(order)),
]);
