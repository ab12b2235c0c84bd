/** Listens on a UNIX socket with wantPID, on Deno's backend or on Node's. */
import { Factory, Protocol, Reactor } from "../../../mod.ts";
import { denoBackend } from "../../../reactor/backends/deno/backend.ts";
import { nodeBackend } from "../../../reactor/backends/node/backend.ts";

const [path = "", name = "deno"] = Deno.args;
const backend = name === "node" ? nodeBackend : denoBackend;
const reactor = new Reactor({ backend });
try {
  reactor.listenUNIX(path, Factory.forProtocol(Protocol), { wantPID: true });
  // By now signals stop it.
  reactor.callWhenRunning(() => console.log("listening"));
  await reactor.run();
  console.log("stopped");
} catch (error) {
  console.log(`${error}`);
}
