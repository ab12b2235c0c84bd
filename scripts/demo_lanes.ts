/**
 * What a slow server does for one client, as the demonstration shows it. The server says
 * so itself: `Somebody at …`, then `Sending 10 bytes` a piece.
 *
 * @module
 */

/** One server, which is read by one client. */
export class Lane {
  /** The name of the poem. */
  readonly name: string;
  /** When the client came, in seconds; `undefined` while the server waits for it. */
  began: number | undefined;
  /** When the last piece was sent, or the client was gone. */
  ended: number | undefined;
  #bytes: Uint8Array;
  #sent = 0;

  /** @param bytes the whole poem */
  constructor(name: string, bytes: Uint8Array) {
    this.name = name;
    this.#bytes = bytes;
  }

  /** The poem as far as it was sent; a character that was cut in two is left out. */
  get poem(): string {
    const sent = this.#bytes.subarray(0, this.#sent);
    return new TextDecoder().decode(sent, { stream: true });
  }

  /**
   * Takes a line that the server has printed. The first client is the one that is shown;
   * whoever pastes the command into another terminal comes after it.
   *
   * @param now in seconds
   */
  hear(line: string, now: number): void {
    if (this.ended !== undefined) return;
    if (line.startsWith("Somebody at ")) {
      if (this.began === undefined) this.began = now;
      else this.ended = now;
    }
    const count = /^Sending (\d+) bytes$/.exec(line)?.[1];
    if (count === undefined) return;
    this.#sent += Number(count);
    if (this.#sent >= this.#bytes.length) this.ended = now;
  }
}

/** Three servers that a client reads, and when. */
export class Race {
  readonly lanes: readonly Lane[];
  /** How long it may take, at the least, in seconds: what the time line is drawn for. */
  readonly expected: number;
  #over: number | undefined;

  constructor(lanes: readonly Lane[], expected: number) {
    this.lanes = lanes;
    this.expected = expected;
  }

  /** When the first server was asked for its poem. */
  get began(): number | undefined {
    const times = this.lanes.flatMap(({ began }) => began ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** How many seconds it has taken, to now or to the end of the last poem. */
  elapsed(now = 0): number {
    const { began } = this;
    if (began === undefined) return 0;
    const ends = this.lanes.map(({ ended }) => ended ?? this.#over ?? now);
    return Math.max(...ends) - began;
  }

  /** The client has ended, wherever the poems are. */
  end(now: number): void {
    this.#over ??= now;
    for (const lane of this.lanes) {
      if (lane.began !== undefined) lane.ended ??= now;
    }
  }
}
