/** Serves a poem to all who connect, with nothing but Deno. */

import { answer } from "./answer.ts";
import { poemBytes } from "./poem.ts";

const poem = poemBytes();
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });

async function serve(conn: Deno.TcpConn): Promise<void> {
  try {
    for (let sent = 0; sent < poem.length;) {
      sent += await conn.write(poem.subarray(sent));
    }
  } finally {
    conn.close();
  }
}

async function serveAll(): Promise<void> {
  for await (const conn of listener) {
    serve(conn).catch((error) => console.error("A poem was not sent:", error));
  }
}

await Promise.all([serveAll(), answer(listener.addr.port, () => 0)]);
