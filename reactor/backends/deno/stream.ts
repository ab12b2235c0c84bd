import { type Address, addressOf, type TCPAddress } from "../../addresses.ts";
import type { ReadinessObserver, Stream } from "../../backend.ts";
import { lostError, type Reason } from "../errors.ts";
import { EOF, Readiness } from "../readiness.ts";
import { type Reference, register } from "../host_time.ts";
import type { ConnectionLost } from "../../errors.ts";

const EMPTY = new Uint8Array(0);

/** Of a read, in bytes. */
const MIN_READ_BYTES = 4 * 1024;
const MAX_READ_BYTES = 64 * 1024;

/** A read goes into free memory of at least this part of its size. */
const MIN_FREE_PART = 1 / 4;

/** Memory of more reads is not kept: little arrives by now. */
const MAX_FREE_READS = 4;

const TRANSFERRED =
  "data.buffer, which had room for the next data, was transferred: transfer data.slice().buffer";

type Connection = Deno.TcpConn | Deno.UnixConn;

/**
 * Deno gives promises in place of readiness: a poll starts a read, whose bytes are kept
 * until taken; bytes sent are under way until the write has settled.
 */
export abstract class DenoStream implements Stream {
  abstract readonly localAddress: Address;
  abstract readonly remoteAddress: Address;
  readonly #conn: Connection;
  readonly #reference: Reference;
  readonly #readiness = new Readiness();
  /** Not taken yet; empty at EOF. */
  #received: Uint8Array | undefined;
  /** While all of it can be released. */
  #lastRead: Uint8Array = EMPTY;
  /** For the next read: the rest of the last one's, or all of it. */
  #free: Uint8Array = EMPTY;
  #broken: ConnectionLost | undefined;
  #reading = false;
  #sending = false;
  /** For when nothing is being sent. */
  #settings: (() => void)[] | undefined;
  /** An idle connection holds little memory. */
  #readSize = MIN_READ_BYTES;

  constructor(conn: Connection) {
    this.#conn = conn;
    this.#reference = register(conn);
  }

  get lost(): ConnectionLost | undefined {
    return this.#broken;
  }

  pollRead(observer: ReadinessObserver): void {
    const isReady = this.#received !== undefined || this.#broken !== undefined;
    this.#readiness.pollRead(observer, isReady);
    if (!isReady && !this.#reading) this.#read();
  }

  pollWrite(observer: ReadinessObserver): void {
    this.#readiness.pollWrite(observer, !this.#sending);
  }

  receive(max: number): Uint8Array | ConnectionLost | undefined {
    const received = this.#received;
    if (received === undefined) return this.#broken;
    if (received.length === 0 && received !== EOF) return this.#transferred();
    if (received.length > max) {
      this.#received = received.subarray(max);
      this.#lastRead = EMPTY;
      return received.subarray(0, max);
    }
    // EOF stays, for the next read.
    if (received.length > 0) this.#received = undefined;
    return received;
  }

  release(): void {
    // A later read, behind that, may be over.
    if (this.#received === undefined) this.#free = this.#lastRead;
  }

  send(bytes: Uint8Array): number | ConnectionLost {
    if (this.#broken !== undefined) return this.#broken;
    if (this.#sending || bytes.length === 0) return 0;
    this.#sending = true;
    this.#write(bytes);
    return bytes.length;
  }

  endWrite(): void {
    this.#conn.closeWrite().catch((error) => this.#breakWith(error));
  }

  close(): void {
    this.#readiness.clear();
    this.#reference?.remove();
    try {
      this.#conn.close();
    } catch {
      // Closed already.
    }
  }

  /** Deno cannot reset. */
  abort(): void {
    this.close();
  }

  /** Fails if the peer has refused earlier writes. */
  protected writeNothing(): void {
    this.#sending = true;
    this.#write(EOF);
  }

  /** Deno refuses it during a write. */
  protected configure(change: () => void): void {
    if (this.#sending) {
      (this.#settings ??= []).push(change);
      return;
    }
    try {
      change();
    } catch (error) {
      // Closed already.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  #read(): void {
    this.#reading = true;
    const buffer = this.#takeBuffer();
    this.#conn.read(buffer).then(
      (count) => this.#readDone(buffer, count),
      (error) => this.#breakWith(error),
    );
  }

  #transferred(): ConnectionLost {
    this.#received = undefined;
    return this.#broken ??= lostError({ kind: "other", text: TRANSFERRED });
  }

  #takeBuffer(): Uint8Array {
    const free = this.#free;
    const size = this.#readSize;
    this.#free = this.#lastRead = EMPTY;
    const isUsable = free.length >= size * MIN_FREE_PART &&
      free.buffer.byteLength <= size * MAX_FREE_READS;
    return isUsable ? free : new Uint8Array(size);
  }

  #readDone(buffer: Uint8Array, count: number | null): void {
    this.#reading = false;
    if (count === 0) return this.#read();
    if (count === null) {
      this.#received = EOF;
    } else if (buffer.length === 0) {
      this.#transferred();
    } else {
      this.#received = buffer.subarray(0, count);
      this.#lastRead = buffer;
      this.#free = count === buffer.length ? EMPTY : buffer.subarray(count);
      this.#adjustReadSize(count, buffer.length);
    }
    this.#readiness.readable();
  }

  #adjustReadSize(count: number, room: number): void {
    if (count === room) {
      this.#readSize = Math.min(this.#readSize * 4, MAX_READ_BYTES);
    } else if (count < this.#readSize / 4) {
      this.#readSize = Math.max(this.#readSize / 2, MIN_READ_BYTES);
    }
  }

  #write(bytes: Uint8Array): void {
    this.#conn.write(bytes).then(
      (count) => {
        if (count < bytes.length) return this.#write(bytes.subarray(count));
        this.#sending = false;
        if (this.#settings !== undefined) this.#applySettings(this.#settings);
        this.#readiness.writable();
      },
      (error) => this.#breakWith(error),
    );
  }

  #applySettings(settings: (() => void)[]): void {
    this.#settings = undefined;
    for (const change of settings) this.configure(change);
  }

  #breakWith(error: unknown): void {
    this.#broken ??= lostError(reasonOf(error));
    this.#reading = this.#sending = false;
    this.#readiness.readable();
    this.#readiness.writable();
  }
}

export class DenoTCPStream extends DenoStream {
  readonly #conn: Deno.TcpConn;
  readonly #zone: string | undefined;
  #localAddress: Address | undefined;
  #remoteAddress: Address | undefined;

  constructor(conn: Deno.TcpConn, zone?: string) {
    super(conn);
    this.#conn = conn;
    this.#zone = zone;
  }

  get localAddress(): Address {
    return this.#localAddress ??= toAddress(this.#conn.localAddr, this.#zone);
  }

  get remoteAddress(): Address {
    return this.#remoteAddress ??= toAddress(this.#conn.remoteAddr, this.#zone);
  }

  checkSent(): void {
    this.writeNothing();
  }

  setNoDelay(enabled: boolean): void {
    this.configure(() => this.#conn.setNoDelay(enabled));
  }

  setKeepAlive(enabled: boolean): void {
    this.configure(() => this.#conn.setKeepAlive(enabled));
  }
}

export class DenoUNIXStream extends DenoStream {
  readonly localAddress: Address;
  readonly remoteAddress: Address;

  constructor(conn: Deno.UnixConn, local: Address, remote: Address) {
    super(conn);
    this.localAddress = local;
    this.remoteAddress = remote;
  }
}

/** `eth0` of `fe80::1%eth0`, also in brackets. */
export function zoneOf(host: string): string | undefined {
  return /:.*%([^\]]+)/.exec(host)?.[1];
}

/** Deno's addresses lack the zone, which both ends of a link-local connection share. */
export function toAddress(
  { hostname, port }: Deno.NetAddr,
  zone?: string,
): TCPAddress {
  const isLocal = zone !== undefined && /^fe[89ab]/i.test(hostname);
  return addressOf(isLocal ? `${hostname}%${zone}` : hostname, port);
}

export function reasonOf(error: unknown): Reason {
  const { message } = error instanceof Error ? error : new Error(String(error));
  // Deno adds the error's number and the call.
  const words = message.replace(/ \(os error \d+\).*$/, "");
  const text = words.charAt(0).toLowerCase() + words.slice(1);
  return { kind: kindOf(error, text), text, error };
}

function kindOf(error: unknown, text: string): Reason["kind"] {
  const { errors } = Deno;
  if (error instanceof URIError) return "name";
  // A failed look-up is a plain Error.
  if (text.includes("lookup address")) return "name";
  if (error instanceof errors.ConnectionRefused) return "refused";
  if (error instanceof errors.TimedOut) return "timedOut";
  if (
    error instanceof errors.NetworkUnreachable ||
    /network is unreachable/i.test(text)
  ) {
    return "unreachable";
  }
  return error instanceof errors.WouldBlock ? "busy" : "other";
}

/** By the peer, while it waited; its address is lost. */
export function wasReset(error: unknown): boolean {
  return error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted;
}
