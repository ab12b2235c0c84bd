import { assert, assertEquals } from "@std/assert";
import * as client30 from "../../clients/get-poetry-3.ts";
import * as client31 from "../../clients/get-poetry-3.1.ts";
import * as client4stack from "../../clients/get-poetry-4-stack.ts";
import * as client40 from "../../clients/get-poetry-4.ts";
import * as client50 from "../../clients/get-poetry-5.ts";
import * as clientEndpoint from "../../clients/get-poetry-endpoint.ts";
import * as client51 from "../../clients/get-poetry-5.1.ts";
import {
  ConnectionLost,
  type Deferred,
  type Failure,
  IPv4Address,
  Protocol,
  type ProtocolLike,
  reactor,
  TCP4ClientEndpoint,
} from "../../mod.ts";
import { connectProtocols, type IOPump, MemoryReactor } from "../../testing.ts";
import { present } from "../reactor/policies/support.ts";
import { bytes, pieceSizes } from "../reactor/protocols/support.ts";

/** With characters of one byte to four. */
const POEM = "\ufeffÜber die Brücke – naïve façade, 詩, 𝄞.\n";
const BYTES = bytes(POEM);

const ADDRESS = new IPv4Address("TCP", "127.0.0.1", 10000);

/** What a client has got: the poem, or why there is none. */
interface Got {
  poems: string[];
  failures: Failure[];
}

type GetPoetry = (host: string, port: number) => Deferred<string>;

function withDeferred(getPoetry: GetPoetry) {
  return (host: string, port: number, { poems, failures }: Got): void => {
    getPoetry(host, port).addCallbacks(
      (poem) => void poems.push(poem),
      (failure) => void failures.push(failure),
    );
  };
}

const CLIENTS: Record<
  string,
  (host: string, port: number, got: Got) => void
> = {
  "3.0": (host, port, { poems }) =>
    client30.getPoetry(host, port, (poem) => void poems.push(poem)),
  "3.1": (host, port, { poems, failures }) =>
    client31.getPoetry(
      host,
      port,
      (poem) => void poems.push(poem),
      (failure) => void failures.push(failure),
    ),
  "4.0": withDeferred(client40.getPoetry),
  "4-stack": withDeferred(client4stack.getPoetry),
  "endpoint": withDeferred((host, port) =>
    clientEndpoint.getPoetry(new TCP4ClientEndpoint(memory, host, port))
  ),
  "5.0": withDeferred(client50.getPoetry),
  "5.1": withDeferred(client51.getPoetry),
};

// The clients use the reactor that every program has. Here it only notes whom
// they want to connect to.
const memory = new MemoryReactor();
reactor.connectTCP = memory.connectTCP.bind(memory);

/** Connects the protocol of a client to a server that has sent it the poem. */
function start(client: string): Got & { pump: IOPump<ProtocolLike, Protocol> } {
  const got: Got = { poems: [], failures: [] };
  CLIENTS[client]?.(ADDRESS.host, ADDRESS.port, got);
  const { factory } = present(memory.tcpClients.at(-1));
  const protocol = present(factory.buildProtocol(ADDRESS));
  const pump = connectProtocols(protocol, new Protocol());
  pump.serverTransport.write(BYTES);
  return { ...got, pump };
}

for (const client of Object.keys(CLIENTS)) {
  Deno.test(`client ${client} gets the same poem wherever it is cut in two`, () => {
    for (let first = 1; first <= BYTES.length; first++) {
      const { pump, poems } = start(client);
      pump.serverTransport.loseConnection();
      pump.pump(first);
      pump.flush();
      assertEquals(poems, [POEM], `the first ${first} bytes alone`);
    }
  });

  Deno.test(`client ${client} gets the same poem byte by byte, and in pieces of any size`, () => {
    for (const { name, size } of pieceSizes(12)) {
      const { pump, poems } = start(client);
      pump.serverTransport.loseConnection();
      pump.flush(size);
      assertEquals(poems, [POEM], name);
    }
  });
}

for (const client of Object.keys(CLIENTS).filter((name) => name !== "3.0")) {
  Deno.test(`client ${client} gets no poem wherever the connection breaks`, () => {
    for (let first = 1; first <= BYTES.length; first++) {
      const { pump, poems, failures } = start(client);
      pump.pump(first);
      pump.serverTransport.abortConnection();
      pump.flush();
      assertEquals(poems, [], `after ${first} bytes`);
      assert(failures.length === 1 && failures[0]?.check(ConnectionLost));
    }
  });
}
