import { Deferred, Failure } from "../../defer/mod.ts";
import type { Consumer, PullProducer } from "../interfaces.ts";

const EMPTY = new Uint8Array(0);

/**
 * An open file, like a `Deno.FsFile`.
 * @category Transports
 */
export interface ReadableFile {
  /** Reads the next bytes, and returns how many; `null` or 0 at EOF. */
  read(into: Uint8Array): PromiseLike<number | null>;
}

/**
 * How it sends.
 * @category Transports
 */
export interface FileSenderOptions {
  /**
   * Called with each piece, for the one to send.
   * @default {undefined}
   */
  transform?:
    | ((piece: Uint8Array) => Uint8Array | PromiseLike<Uint8Array>)
    | undefined;
}

/**
 * Sends a file: Twisted's `basic.FileSender`. A pull producer, which reads a piece when
 * the one before was sent: at most one is in memory.
 * @example
 * ```ts
 * import { FileSender, Protocol } from "@deferno/deferno";
 *
 * class PoemServer extends Protocol {
 *   override async connectionMade(): Promise<void> {
 *     using file = await Deno.open("poetry/ecstasy.txt");
 *     await new FileSender().beginFileTransfer(file, this.transport);
 *     this.transport.loseConnection();
 *   }
 * }
 * console.assert(!new PoemServer().connected);
 * ```
 * @category Transports
 */
export class FileSender implements PullProducer {
  /** Bytes read at once. */
  // deno-lint-ignore camelcase -- Twisted's name
  CHUNK_SIZE = 64 * 1024;
  #file: ReadableFile | undefined;
  #consumer: Consumer | undefined;
  #transform: FileSenderOptions["transform"];
  #lastSent: Uint8Array = EMPTY;
  /** Reused where the consumer releases pieces: new ones pile up as garbage. */
  #buffer: Uint8Array | undefined;
  /** A read under way also answers a later request. */
  #reading = false;
  #done: Deferred<Uint8Array> | undefined;

  /**
   * Sends a file from its position to its end, unless cancelled, and leaves it open.
   * @returns fires with the last byte sent, if any, when all was written to the consumer;
   *   fails if a read does, or the consumer stops it
   * @throws {Error} if this is sending a file, or the consumer has a producer
   * @throws {RangeError} if `CHUNK_SIZE` is less than 1
   */
  beginFileTransfer(
    file: ReadableFile,
    consumer: Consumer,
    options: FileSenderOptions = {},
  ): Deferred<Uint8Array> {
    if (this.#done !== undefined) {
      throw new Error("This FileSender is sending a file: make another");
    }
    if (!(this.CHUNK_SIZE >= 1)) {
      // Reading nothing looks like EOF.
      throw new RangeError(
        `CHUNK_SIZE must be 1 or more bytes, got ${this.CHUNK_SIZE}`,
      );
    }
    const done = new Deferred<Uint8Array>(() => this.#finish());
    this.#file = file;
    this.#consumer = consumer;
    this.#transform = options.transform;
    this.#lastSent = EMPTY;
    this.#done = done;
    try {
      consumer.registerProducer(this, false);
    } catch (error) {
      // The consumer keeps its producer.
      this.#consumer = undefined;
      this.#finish();
      throw error;
    }
    return done;
  }

  resumeProducing(): void {
    const done = this.#done;
    if (this.#file === undefined || this.#reading) return;
    this.#reading = true;
    this.#readPiece(this.#file).then((piece) => {
      if (this.#done === done) this.#send(piece);
    }).then(undefined, (error) => {
      const failure = new Failure(error, { raised: true });
      if (this.#done === done) this.#finish()?.errback(failure);
    });
  }

  stopProducing(): void {
    this.#finish()?.errback(
      new Error("The file was not sent whole: its consumer wants no more"),
    );
  }

  /** Never empty; `undefined` at EOF. */
  async #readPiece(file: ReadableFile): Promise<Uint8Array | undefined> {
    for (;;) {
      const buffer = this.#takeBuffer();
      const count = await file.read(buffer);
      if (count === null || count === 0) return undefined;
      checkCount(count, buffer.length);
      const read = buffer.subarray(0, count);
      const piece = this.#transform === undefined
        ? read
        : await this.#transform(read);
      if (piece.length > 0) return piece;
    }
  }

  #takeBuffer(): Uint8Array {
    // A transform may keep the piece.
    const isFree = this.#consumer?.releasesPieces &&
      this.#transform === undefined;
    if (!isFree) return new Uint8Array(this.CHUNK_SIZE);
    return this.#buffer ??= new Uint8Array(this.CHUNK_SIZE);
  }

  #send(piece: Uint8Array | undefined): void {
    if (piece === undefined) return this.#finish()?.callback(this.#lastSent);
    this.#reading = false;
    this.#lastSent = piece.slice(-1);
    this.#consumer?.write(piece);
  }

  /** @returns the deferred, unless it has fired */
  #finish(): Deferred<Uint8Array> | undefined {
    const done = this.#done;
    const consumer = this.#consumer;
    this.#done = undefined;
    this.#file = undefined;
    this.#consumer = undefined;
    this.#buffer = undefined;
    this.#reading = false;
    consumer?.unregisterProducer();
    return done;
  }
}

/** Otherwise it would read on for ever, or send what was not read. */
function checkCount(count: number, most: number): void {
  if (count > 0 && count <= most) return;
  throw new RangeError(
    `A file's read must give a number of bytes from 0 to ${most}, got ${count}`,
  );
}
