/** Runs the default reactor with a connection open, until a signal stops it. */
import {
  ClientFactory,
  Factory,
  log,
  Protocol,
  reactor,
} from "../../../mod.ts";

const [mode = ""] = Deno.args;

class Told extends Protocol {
  override connectionLost(): void {
    console.log(`${this.factory.constructor.name} connectionLost`);
  }
}

class Server extends Factory {
  override noisy = false;
  override protocol = Told;
  override stopFactory(): void {
    console.log("Server stopFactory");
  }
}

class Client extends ClientFactory {
  override noisy = false;
  override protocol = class extends Told {
    override connectionMade(): void {
      console.log("ready");
    }
  };
}

log.addObserver(({ text, failure }) =>
  console.log(`${text} ${failure?.type?.name}`)
);
const port = reactor.listenTCP(0, new Server(), { interface: "127.0.0.1" });
reactor.connectTCP("127.0.0.1", port.getHost().port, new Client());
if (mode === "held") {
  reactor.addSystemEventTrigger("before", "shutdown", () => {
    console.log("held");
    return new Promise<void>((resolve) => {
      Deno.addSignalListener("SIGUSR1", function release() {
        Deno.removeSignalListener("SIGUSR1", release);
        resolve();
      });
    });
  });
}
await reactor.run({ installSignalHandlers: mode !== "without" });
console.log("run returned");
if (mode === "afterwards") {
  // Nobody handles the signals any more: the next one ends the program.
  Deno.kill(Deno.pid, "SIGTERM");
  setInterval(() => {}, 1000);
}
