/**
 * The transform server of Part 12: a client sends the name of a transform, a dot and a poem,
 * and gets the new poem. Requests and answers are netstrings, `5:hello,`: either side knows
 * where a message ends, which it can't where the end of the connection is the end of the
 * poem.
 *
 * Terminal 1:
 *
 *     deno run --allow-net examples/later/transform-server.ts --port 10010
 *
 * Terminal 2:
 *
 *     printf '20:cummingsify.HELLO YOU,' | nc 127.0.0.1 10010
 *
 * get-poetry-6.ts is a client for it. Ctrl-C ends the server.
 *
 * @module
 */

import { NetstringReceiver, reactor, ServerFactory } from "../../mod.ts";
import { iface, port } from "../../cli/options.ts";
import { UsageError } from "../../cli/exit.ts";
import { listen, parseServer } from "./shared/listen.ts";

const ABOUT = `
This is the transform server of Part 12. It sends poems back in lower case:

  deno run --allow-net examples/later/transform-server.ts --port 10010
`;

type Transform = (poem: string) => string;

/** What this server can do. It knows nothing of a network. */
const TRANSFORMS: ReadonlyMap<string, Transform> = new Map([
  ["cummingsify", (poem: string) => poem.toLowerCase()],
]);

/** Requests come from anybody, so a name is looked up and never called as it stands. */
class TransformProtocol extends NetstringReceiver {
  declare factory: TransformFactory;

  override stringReceived(request: Uint8Array): void {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const [, name = "", poem] =
      /^(.*?)\.(.*)$/s.exec(decoder.decode(request)) ??
        [];
    if (poem !== undefined) this.#answer(this.factory.transform(name, poem));
    // Where there is no answer, that is the answer.
    this.transport.loseConnection();
  }

  #answer(poem: string | undefined): void {
    if (poem === undefined) return;
    this.sendString(new TextEncoder().encode(poem));
  }
}

class TransformFactory extends ServerFactory {
  override protocol = TransformProtocol;
  readonly transforms: ReadonlyMap<string, Transform>;

  constructor(transforms: ReadonlyMap<string, Transform>) {
    super();
    this.transforms = transforms;
  }

  /** The new poem; nothing where there is no such transform. */
  transform(name: string, poem: string): string | undefined {
    const transform = this.transforms.get(name);
    if (transform === undefined) console.log(`No such transform: ${name}`);
    return transform?.(poem);
  }
}

async function main() {
  const { options } = parseServer(ABOUT, { port, iface }, {
    usage: "",
    parse(operands) {
      const [first] = operands;
      if (first === undefined) return;
      throw new UsageError(`No argument is needed: this is ${first}.`);
    },
  });
  listen(new TransformFactory(TRANSFORMS), "transforms", options);
  await reactor.run();
}

if (import.meta.main) await main();
