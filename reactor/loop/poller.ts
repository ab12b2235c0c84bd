/**
 * The readers and writers of a reactor, and who of them is ready.
 *
 * @module
 */

import { Failure, type Log } from "../../defer/mod.ts";
import { findDescriptor } from "./descriptors.ts";
import { CONNECTION_DONE, CONNECTION_LOST, ConnectionDone } from "../errors.ts";
import type {
  DescriptorStatus,
  FileDescriptor,
  Pollable,
  ReadDescriptor,
  ReadinessObserver,
  WriteDescriptor,
} from "../interfaces.ts";
import { type Place, Roster } from "../roster.ts";

const DONE = new Failure(CONNECTION_DONE);
const LOST = new Failure(CONNECTION_LOST);

/** Why a connection is over, by what its `doRead` or `doWrite` returned. */
function reasonOf(status: Error): Failure {
  if (status === CONNECTION_DONE) return DONE;
  return status === CONNECTION_LOST ? LOST : new Failure(status);
}

/** Where nobody is ready, which is most often so one way or the other. */
const NOBODY: Watch[] = [];

/** What a descriptor is called for. */
type Call = "doRead" | "doWrite";

/** A call of a descriptor that has given a promise. */
interface PendingCall {
  readonly descriptor: FileDescriptor;
  /** Whether the descriptor was told the end meanwhile, which it is once. */
  isOver: boolean;
}

/** One descriptor that is watched, and for what. */
class Watch implements ReadinessObserver {
  /** Set while it is to be called for reading, and for writing. */
  reader: ReadDescriptor | undefined;
  writer: WriteDescriptor | undefined;
  /**
   * Whether it was asked to tell when it is ready, until it was called. Not only
   * until it has told, or until the call begins: asked within that, it would tell
   * of a readiness that the call uses up, and a writer would take what it has just
   * handed over for sent.
   */
  readPolled = false;
  writePolled = false;

  /** Where it stands among all that are watched. */
  place: Place<Watch> | undefined;
  readonly descriptor: FileDescriptor;
  readonly pollable: Pollable;
  readonly #watcher: Watcher;

  constructor(
    watcher: Watcher,
    descriptor: FileDescriptor,
    pollable: Pollable,
  ) {
    this.#watcher = watcher;
    this.descriptor = descriptor;
    this.pollable = pollable;
  }

  readable(): void {
    this.#watcher.readable(this);
  }

  writable(): void {
    this.#watcher.writable(this);
  }
}

/**
 * Watches descriptors, and calls those that are ready: what `select` and its
 * like are to a reactor in Twisted.
 */
export class Watcher {
  #log: Log;
  #wake: () => void;
  /** Whether descriptors are asked for readiness at all: while a loop runs. */
  #polling = false;
  #watches: Roster<Watch> = new Roster();
  #watchByDescriptor = new WeakMap<FileDescriptor, Watch>();
  #readable = NOBODY;
  #writable = NOBODY;
  readonly #pending = new Set<PendingCall>();

  /**
   * @param log where the errors of descriptors go
   * @param wake called when somebody has become ready
   */
  constructor(log: Log, wake: () => void) {
    this.#log = log;
    this.#wake = wake;
  }

  /** Whether somebody is ready now. */
  get ready(): boolean {
    return this.#readable.length > 0 || this.#writable.length > 0;
  }

  /** Starts to ask all descriptors whether they are ready. */
  start(): void {
    this.#polling = true;
    for (const watch of this.#watches) {
      this.#pollRead(watch);
      this.#pollWrite(watch);
    }
  }

  /** Asks nobody any more. */
  stop(): void {
    this.#polling = false;
  }

  addReader(reader: ReadDescriptor): void {
    const watch = this.#watchOf(reader);
    watch.reader = reader;
    this.#pollRead(watch);
  }

  addWriter(writer: WriteDescriptor): void {
    const watch = this.#watchOf(writer);
    watch.writer = writer;
    this.#pollWrite(watch);
  }

  removeReader(reader: ReadDescriptor): void {
    const watch = this.#watchByDescriptor.get(reader);
    if (watch === undefined) return;
    watch.reader = undefined;
    if (watch.writer === undefined) this.#forget(watch);
  }

  removeWriter(writer: WriteDescriptor): void {
    const watch = this.#watchByDescriptor.get(writer);
    if (watch === undefined) return;
    watch.writer = undefined;
    if (watch.reader === undefined) this.#forget(watch);
  }

  /** Everybody who is watched for reading. */
  readers(): ReadDescriptor[] {
    return [...this.#watches].flatMap(({ reader }) => reader ?? []);
  }

  /** Everybody who is watched for writing. */
  writers(): WriteDescriptor[] {
    return [...this.#watches].flatMap(({ writer }) => writer ?? []);
  }

  /** Watches nobody any more, and returns those who were watched. */
  removeAll(): FileDescriptor[] {
    const watches = [...this.#watches];
    for (const watch of watches) this.#forget(watch);
    return watches.map(({ descriptor }) => descriptor);
  }

  /**
   * Calls everybody who is ready, the readers first: what they write goes out in
   * the same pass.
   */
  dispatch(): void {
    const readable = this.#readable;
    this.#readable = NOBODY;
    for (const watch of readable) {
      if (this.#call(watch, "doRead")) this.#pollReadAgain(watch);
    }
    const writable = this.#writable;
    this.#writable = NOBODY;
    for (const watch of writable) {
      if (this.#call(watch, "doWrite")) this.#pollWriteAgain(watch);
    }
  }

  /** For a watch: it can be read from. */
  readable(watch: Watch): void {
    // One is enough room for one: an array that grows takes more at once.
    if (this.#readable === NOBODY) this.#readable = [watch];
    else this.#readable.push(watch);
    this.#wake();
  }

  /** For a watch: it can be written to. */
  writable(watch: Watch): void {
    if (this.#writable === NOBODY) this.#writable = [watch];
    else this.#writable.push(watch);
    this.#wake();
  }

  /**
   * Calls a descriptor, if it is still there.
   *
   * @returns whether the call is over: not while a promise that it gave is pending
   */
  #call(watch: Watch, what: Call): boolean {
    try {
      const status = what === "doRead"
        ? watch.reader?.doRead()
        : watch.writer?.doWrite();
      if (!status) return true;
      if (status instanceof Promise) {
        void this.#wait(watch, what, status);
        return false;
      }
      this.#ended(watch, what, status);
    } catch (error) {
      const { descriptor } = watch;
      this.disconnect(descriptor, this.#report(error, what, descriptor));
    }
    return true;
  }

  /** Waits for a call that takes its time, and asks for no readiness before. */
  async #wait(
    watch: Watch,
    what: Call,
    promise: Promise<DescriptorStatus>,
  ): Promise<void> {
    const { descriptor } = watch;
    const pending: PendingCall = { descriptor, isOver: false };
    this.#pending.add(pending);
    try {
      const status = await promise;
      if (status && !pending.isOver) this.#ended(watch, what, status);
    } catch (error) {
      const failure = this.#report(error, what, descriptor);
      if (!pending.isOver) this.disconnect(descriptor, failure);
    }
    this.#pending.delete(pending);
    if (what === "doRead") this.#pollReadAgain(watch);
    else this.#pollWriteAgain(watch);
  }

  /** What a descriptor returned has ended its connection, or the half of it. */
  #ended(watch: Watch, what: Call, status: Error): void {
    const { reader } = watch;
    const isHalf = what === "doRead" && status instanceof ConnectionDone;
    if (!isHalf || reader?.readConnectionLost === undefined) {
      return this.disconnect(watch.descriptor, reasonOf(status));
    }
    this.removeReader(reader);
    this.#notify(
      reader,
      "readConnectionLost",
      () => reader.readConnectionLost?.(reasonOf(status)),
      (failure) => this.disconnect(reader, failure),
    );
  }

  /** Forgets a descriptor, and tells it that its connection is over. */
  disconnect(descriptor: FileDescriptor, reason: Failure): void {
    const watch = this.#watchByDescriptor.get(descriptor);
    if (watch !== undefined) this.#forget(watch);
    for (const pending of this.#pending) {
      if (pending.descriptor === descriptor) pending.isOver = true;
    }
    this.#notify(
      descriptor,
      "connectionLost",
      () => descriptor.connectionLost(reason),
    );
  }

  /** Tells a descriptor something: what it throws, or rejects, goes no further. */
  #notify(
    descriptor: FileDescriptor,
    what: string,
    fn: () => unknown,
    onFailure?: (failure: Failure) => void,
  ): void {
    const failed = (error: unknown) => {
      const failure = this.#report(error, what, descriptor);
      onFailure?.(failure);
    };
    try {
      const result = fn();
      if (result instanceof Promise) result.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  /** Tells the log what came out of a descriptor, and gives it as a failure. */
  #report(error: unknown, what: string, descriptor: FileDescriptor): Failure {
    const failure = new Failure(error, { raised: true });
    const who = nameOf(descriptor);
    this.#log.err(failure, `Unhandled error in ${what} of ${who}:`);
    return failure;
  }

  #forget(watch: Watch): void {
    watch.reader = undefined;
    watch.writer = undefined;
    this.#watchByDescriptor.delete(watch.descriptor);
    watch.place?.leave();
  }

  #watchOf(descriptor: FileDescriptor): Watch {
    let watch = this.#watchByDescriptor.get(descriptor);
    if (watch === undefined) {
      watch = new Watch(this, descriptor, pollableOf(descriptor));
      watch.place = this.#watches.add(watch);
      this.#watchByDescriptor.set(descriptor, watch);
    }
    return watch;
  }

  /** A call is over, and its descriptor ready again only if it says so. */
  #pollReadAgain(watch: Watch): void {
    watch.readPolled = false;
    this.#pollRead(watch);
  }

  #pollWriteAgain(watch: Watch): void {
    watch.writePolled = false;
    this.#pollWrite(watch);
  }

  #pollRead(watch: Watch): void {
    if (!this.#polling || watch.readPolled || !watch.reader) return;
    watch.readPolled = true;
    watch.pollable.pollRead(watch);
  }

  #pollWrite(watch: Watch): void {
    if (!this.#polling || watch.writePolled || !watch.writer) return;
    watch.writePolled = true;
    watch.pollable.pollWrite(watch);
  }
}

/** Its `logPrefix()`. That is its user's, too, and can throw. */
function nameOf(descriptor: FileDescriptor): string {
  const name = Failure.capture(() => descriptor.logPrefix());
  return name instanceof Failure ? "a descriptor without a name" : name;
}

function pollableOf(descriptor: FileDescriptor): Pollable {
  const fileno = descriptor.fileno();
  const pollable = findDescriptor(fileno);
  if (pollable === undefined) {
    throw new RangeError(
      `Cannot watch ${
        nameOf(descriptor)
      }: its fileno() is ${fileno}, which is no open socket`,
    );
  }
  return pollable;
}
