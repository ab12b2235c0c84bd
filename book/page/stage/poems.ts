/**
 * What has come of each poem, byte by byte.
 *
 * @module
 */

import type { Event, ServerSetup } from "../../worker/messages.ts";

/** A poem on its way. */
export interface Poem {
  readonly port: number;
  /** For people: `ecstasy.txt`. */
  readonly name: string;
  /** As much as the client has; of a long one, the end of it. */
  readonly text: string;
  /** From 0 to 1. */
  readonly share: number;
  readonly state: "waiting" | "connected" | "complete" | "cut";
  /** Whether the server was ended. */
  readonly serverEnded: boolean;
  /** Seconds from the connection until now, or until its end. */
  readonly took: number | undefined;
}

/** More of a poem is not shown at once: some servers send megabytes. */
const MOST_BYTES = 20_000;

/** Follows the connections to the servers of a page. */
export class Poems {
  #poems: Progress[];

  constructor(servers: readonly ServerSetup[]) {
    this.#poems = servers.map((server) => new Progress(server));
  }

  /** Takes what has happened, whatever it is. */
  add(event: Event): void {
    if (!("port" in event)) return;
    for (const poem of this.#poems) {
      if (poem.port === event.port) poem.add(event);
    }
  }

  /** As they are at a time. */
  at(time: number): Poem[] {
    return this.#poems.map((poem) => poem.at(time));
  }
}

class Progress {
  readonly port: number;
  #name: string;
  #bytes: Uint8Array;
  #count = 0;
  #connection: number | undefined;
  #since: number | undefined;
  #until: number | undefined;
  #serverEnded = false;
  #text = "";
  /** How many bytes `#text` is up to. */
  #textCount = 0;

  constructor({ port, name, poem }: ServerSetup) {
    this.port = port;
    this.#name = name;
    this.#bytes = new TextEncoder().encode(poem);
  }

  add(event: Event & { port: number }): void {
    switch (event.what) {
      case "connected":
        // A second connection to the same server starts its poem again.
        this.#connection = event.id;
        this.#count = 0;
        this.#since = event.time;
        this.#until = undefined;
        break;
      case "received":
        if (event.id === this.#connection) this.#count += event.count;
        break;
      case "closed":
        if (event.id === this.#connection) this.#until = event.time;
        break;
      case "server ended":
        this.#serverEnded = true;
    }
  }

  at(time: number): Poem {
    const since = this.#since;
    const isWhole = this.#count >= this.#bytes.length;
    return {
      port: this.port,
      name: this.#name,
      text: this.#decoded(),
      share: this.#bytes.length === 0 ? 1 : this.#count / this.#bytes.length,
      state: since === undefined
        ? "waiting"
        : this.#until === undefined
        ? "connected"
        : isWhole
        ? "complete"
        : "cut",
      serverEnded: this.#serverEnded,
      took: since === undefined ? undefined : (this.#until ?? time) - since,
    };
  }

  #decoded(): string {
    if (this.#textCount === this.#count) return this.#text;
    this.#textCount = this.#count;
    let start = Math.max(0, this.#count - MOST_BYTES);
    while (isInsideCharacter(this.#bytes[start])) start++;
    const shown = this.#bytes.subarray(start, this.#count);
    // A character that is cut at the end comes with its other half.
    this.#text = new TextDecoder().decode(shown, { stream: true });
    return this.#text;
  }
}

/** Whether a byte of UTF-8 is not the first of its character. */
function isInsideCharacter(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
