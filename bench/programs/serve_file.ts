/**
 * Sends a file to whoever connects, and tells how much memory that took. Its
 * arguments are the file and how to send it: a FileSender, the writable stream of
 * a transport, or for comparison that of a Deno.Conn.
 */

import {
  Deferred,
  Factory,
  FileSender,
  Protocol,
  reactor,
  type Transport,
} from "../../mod.ts";
import { answer } from "./answer.ts";
import { memoryGrowth } from "./growth.ts";

const [path = "", how = ""] = Deno.args;
const connected = new Deferred<Transport>();

class Serving extends Protocol {
  override connectionMade(): void {
    connected.callback(this.transport);
  }
}

async function sendFile(transport: Transport): Promise<void> {
  using file = await Deno.open(path);
  await new FileSender().beginFileTransfer(file, transport);
  transport.loseConnection();
}

async function pipeFile(transport: Transport): Promise<void> {
  const file = await Deno.open(path);
  await file.readable.pipeTo(transport.writable);
}

async function serve(): Promise<never> {
  const port = reactor.listenTCP(0, Factory.forProtocol(Serving), {
    interface: "127.0.0.1",
  });
  const send = how === "FileSender" ? sendFile : pipeFile;
  return await answer(port.getHost().port, async () => {
    const transport = await connected;
    return await memoryGrowth(() => send(transport));
  });
}

async function serveWithDeno(): Promise<never> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return await answer(listener.addr.port, async () => {
    const conn = await listener.accept();
    return await memoryGrowth(async () => {
      const file = await Deno.open(path);
      await file.readable.pipeTo(conn.writable);
    });
  });
}

if (how === "Deno.Conn") await serveWithDeno();
else await Promise.all([reactor.run(), serve()]);
