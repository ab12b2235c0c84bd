/**
 * The poetry clients, as the demonstration shows them.
 *
 * @module
 */

import { UsageError } from "../cli/exit.ts";

/** A version of the client. */
export interface Client {
  /** The version, as `--client` takes it. */
  name: string;
  /** Its file, from the project's folder. */
  file: string;
  /** What to look at while it runs. */
  about: string;
  /**
   * True where a poem may fail by chance, which the exit status then tells.
   *
   * @default {false}
   */
  mayFail?: boolean;
  /**
   * True where it gets one poem after the other.
   *
   * @default {false}
   */
  inTurn?: boolean;
  /**
   * True where what it prints is what there is to see, and no poem.
   *
   * @default {false}
   */
  printsStack?: boolean;
  /**
   * What it needs before a port.
   *
   * @default {""}
   */
  prefix?: string;
}

/** Every version, from the first to the last. */
export const CLIENTS: readonly Client[] = [
  {
    name: "blocking",
    file: "clients/get-poetry-blocking.ts",
    about:
      `One poem after the other. While it waits for the first server, it hears
nothing of the other two, so the three times add up.`,
    inTurn: true,
  },
  {
    name: "async",
    file: "clients/get-poetry-async.ts",
    about:
      `All three at once: whichever server has sent something is read next, and the
whole takes no longer than the slowest poem.`,
  },
  {
    name: "1.0",
    file: "clients/get-poetry-1.ts",
    about:
      `The same with a reactor: it watches the sockets, and calls the client when
there is something to read.`,
  },
  {
    name: "1-broken",
    file: "clients/get-poetry-1-broken.ts",
    about:
      `There is a reactor, and still one poem comes after the other: the client
reads on until its poem is there, and nobody else has a turn meanwhile.`,
    inTurn: true,
  },
  {
    name: "2.0",
    file: "clients/get-poetry-2.ts",
    about:
      `No socket in sight: a protocol is handed the data, and a factory makes one
protocol for each connection.`,
  },
  {
    name: "2-stack",
    file: "clients/get-poetry-2-stack.ts",
    about: `Who calls whom: the stack as the first data arrives. Then it ends.`,
    printsStack: true,
  },
  {
    name: "2.1",
    file: "clients/get-poetry-2.1.ts",
    about:
      `The same as 2.0 in fewer lines, without task numbers: only the poems.`,
  },
  {
    name: "3.0",
    file: "clients/get-poetry-3.ts",
    about:
      `getPoetry(host, port, callback): the poems are handed to a callback, and
the program decides when everything is there.`,
  },
  {
    name: "3.1",
    file: "clients/get-poetry-3.1.ts",
    about:
      `A callback for the poem, and an errback for what went wrong instead.`,
  },
  {
    name: "4.0",
    file: "clients/get-poetry-4.ts",
    about:
      `getPoetry(host, port) gives a Deferred, and the callbacks are added to it.`,
  },
  {
    name: "endpoint",
    file: "clients/get-poetry-endpoint.ts",
    about:
      `The same with getPoetry(endpoint): a string says how to connect, and there
is no factory to write.`,
    prefix: "tcp:127.0.0.1:",
  },
  {
    name: "4-stack",
    file: "clients/get-poetry-4-stack.ts",
    about: `Who calls whom: the stack inside the callback that gets the poem.`,
    printsStack: true,
  },
  {
    name: "5.0",
    file: "clients/get-poetry-5.ts",
    about:
      `Each poem is sent through a transform, and chance decides: it comes out in
lower case, or the transform fails in one of two ways. After the first of
them the poem is printed as it came; after the second it is lost.`,
    mayFail: true,
  },
  {
    name: "5.1",
    file: "clients/get-poetry-5.1.ts",
    about:
      `The same as 5.0, with an errback that tells the two failures apart.`,
    mayFail: true,
  },
];

/** The three that show what asynchronous is about. */
export const SHOWN = ["blocking", "async", "5.0"].map(findClient);

/**
 * Finds a client by its name, with or without a `.0`. Throws a
 * {@linkcode UsageError} where there is none.
 */
export function findClient(text: string): Client {
  const name = text.replace(/^(\d)$/, "$1.0").replace(/^(\d)\.0-/, "$1-");
  const client = CLIENTS.find((client) => client.name === name);
  if (client !== undefined) return client;
  const names = CLIENTS.map(({ name }) => name).join(", ");
  throw new UsageError(`No such client: ${text}. There are: ${names}.`);
}
