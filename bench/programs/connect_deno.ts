/**
 * Connects as often as connections are to be held, and says nothing over them:
 * the other end of the holding programs. Its argument is the port.
 */

import { answer } from "./answer.ts";
import { CONNECTIONS } from "./hold.ts";

const port = Number(Deno.args[0]);
const conns: Deno.TcpConn[] = [];
while (conns.length < CONNECTIONS) {
  conns.push(await Deno.connect({ hostname: "127.0.0.1", port }));
}
await answer(0, () => conns.length);
