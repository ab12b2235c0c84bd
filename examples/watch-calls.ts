/**
 * An instrument that prints all that a reactor calls, and what the deferreds in it do: a
 * server says one line, and a client fires a deferred with it. The network is one in
 * memory.
 *
 *     deno run examples/watch-calls.ts
 *
 * @module
 */

import {
  ClientFactory,
  createMemoryBackend,
  Deferred,
  Factory,
  type Instrument,
  type LoopCall,
  Protocol,
  Reactor,
  type Step,
} from "../mod.ts";
import "./shared/output.ts";

/** Prints calls, indented by how deep they lie in each other. */
class CallPrinter implements Instrument {
  #depth = 0;

  callBegan({ kind, name }: LoopCall): void {
    this.#print(`${kind}: ${name}`);
    this.#depth++;
  }

  callEnded(): void {
    this.#depth--;
  }

  stageBegan(_d: Deferred<unknown>, { side, name }: Step): void {
    this.#print(`${side}: ${name}`);
  }

  #print(line: string): void {
    console.log("  ".repeat(this.#depth) + line);
  }
}

class Poet extends Protocol {
  override connectionMade(): void {
    this.transport.write(new TextEncoder().encode("I taste a liquor"));
    this.transport.loseConnection();
  }
}

class Reader extends Protocol {
  override dataReceived(data: Uint8Array): void {
    line.callback(new TextDecoder().decode(data));
  }
}

const reactor = new Reactor({ backend: createMemoryBackend() });
reactor.addInstrument(new CallPrinter());

const line = new Deferred<string>();
line.addCallback(function shout(text) {
  return text.toUpperCase();
});
line.addCallback(function stopReactor() {
  reactor.stop();
});

const port = reactor.listenTCP(0, Factory.forProtocol(Poet));
const readers = ClientFactory.forProtocol(Reader);
reactor.connectTCP("127.0.0.1", port.getHost().port, readers);
await reactor.run();
