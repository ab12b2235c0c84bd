/**
 * The readers and writers of a reactor, and who of them is ready.
 *
 * @module
 */

import { Failure, type Log } from "../../defer/mod.ts";
import { findDescriptor } from "./descriptors.ts";
import { CONNECTION_DONE, CONNECTION_LOST, ConnectionDone } from "../errors.ts";
import type { Pollable, ReadinessObserver } from "../backend.ts";
import type {
  DescriptorStatus,
  FileDescriptor,
  ReadDescriptor,
  WriteDescriptor,
} from "../interfaces.ts";
import { LinkedList, type Node } from "../../defer/linked_list.ts";

const DONE = new Failure(CONNECTION_DONE);
const LOST = new Failure(CONNECTION_LOST);

/** Why a connection is over, by what its `doRead` or `doWrite` returned. */
function reasonOf(status: Error): Failure {
  if (status === CONNECTION_DONE) return DONE;
  return status === CONNECTION_LOST ? LOST : new Failure(status);
}

/** Where nobody is ready, which is most often so one way or the other. */
const NOBODY: Registration[] = [];

/** What a descriptor is called for. */
type Call = "doRead" | "doWrite";

/** A call of a descriptor that has given a promise. */
interface PendingCall {
  readonly descriptor: FileDescriptor;
  /** Whether the descriptor was told the end meanwhile, which it is once. */
  isOver: boolean;
}

/** One descriptor that is watched, and for what. */
class Registration implements ReadinessObserver {
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
  node: Node<Registration> | undefined;
  readonly descriptor: FileDescriptor;
  readonly pollable: Pollable;
  readonly #poller: Poller;

  constructor(
    poller: Poller,
    descriptor: FileDescriptor,
    pollable: Pollable,
  ) {
    this.#poller = poller;
    this.descriptor = descriptor;
    this.pollable = pollable;
  }

  readable(): void {
    this.#poller.readable(this);
  }

  writable(): void {
    this.#poller.writable(this);
  }
}

/**
 * Watches descriptors, and calls those that are ready: what `select` and its
 * like are to a reactor in Twisted.
 */
export class Poller {
  #log: Log;
  #wake: () => void;
  /** Whether descriptors are asked for readiness at all: while a loop runs. */
  #polling = false;
  #registrations: LinkedList<Registration> = new LinkedList();
  #registrationByDescriptor = new WeakMap<FileDescriptor, Registration>();
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
    for (const registration of this.#registrations) {
      this.#pollRead(registration);
      this.#pollWrite(registration);
    }
  }

  /** Asks nobody any more. */
  stop(): void {
    this.#polling = false;
  }

  addReader(reader: ReadDescriptor): void {
    const registration = this.#registrationOf(reader);
    registration.reader = reader;
    this.#pollRead(registration);
  }

  addWriter(writer: WriteDescriptor): void {
    const registration = this.#registrationOf(writer);
    registration.writer = writer;
    this.#pollWrite(registration);
  }

  removeReader(reader: ReadDescriptor): void {
    const registration = this.#registrationByDescriptor.get(reader);
    if (registration === undefined) return;
    registration.reader = undefined;
    if (registration.writer === undefined) this.#forget(registration);
  }

  removeWriter(writer: WriteDescriptor): void {
    const registration = this.#registrationByDescriptor.get(writer);
    if (registration === undefined) return;
    registration.writer = undefined;
    if (registration.reader === undefined) this.#forget(registration);
  }

  /** Everybody who is watched for reading. */
  readers(): ReadDescriptor[] {
    return [...this.#registrations].flatMap(({ reader }) => reader ?? []);
  }

  /** Everybody who is watched for writing. */
  writers(): WriteDescriptor[] {
    return [...this.#registrations].flatMap(({ writer }) => writer ?? []);
  }

  /** Watches nobody any more, and returns those who were watched. */
  removeAll(): FileDescriptor[] {
    const registrations = [...this.#registrations];
    for (const registration of registrations) this.#forget(registration);
    return registrations.map(({ descriptor }) => descriptor);
  }

  /**
   * Calls everybody who is ready, the readers first: what they write goes out in
   * the same pass.
   */
  dispatch(): void {
    const readable = this.#readable;
    this.#readable = NOBODY;
    for (const registration of readable) {
      if (this.#call(registration, "doRead")) this.#pollReadAgain(registration);
    }
    const writable = this.#writable;
    this.#writable = NOBODY;
    for (const registration of writable) {
      if (this.#call(registration, "doWrite")) {
        this.#pollWriteAgain(registration);
      }
    }
  }

  /** For a registration: it can be read from. */
  readable(registration: Registration): void {
    // One is enough room for one: an array that grows takes more at once.
    if (this.#readable === NOBODY) this.#readable = [registration];
    else this.#readable.push(registration);
    this.#wake();
  }

  /** For a registration: it can be written to. */
  writable(registration: Registration): void {
    if (this.#writable === NOBODY) this.#writable = [registration];
    else this.#writable.push(registration);
    this.#wake();
  }

  /**
   * Calls a descriptor, if it is still there.
   *
   * @returns whether the call is over: not while a promise that it gave is pending
   */
  #call(registration: Registration, what: Call): boolean {
    try {
      const status = what === "doRead"
        ? registration.reader?.doRead()
        : registration.writer?.doWrite();
      if (!status) return true;
      if (status instanceof Promise) {
        void this.#wait(registration, what, status);
        return false;
      }
      this.#ended(registration, what, status);
    } catch (error) {
      const { descriptor } = registration;
      this.disconnect(descriptor, this.#report(error, what, descriptor));
    }
    return true;
  }

  /** Waits for a call that takes its time, and asks for no readiness before. */
  async #wait(
    registration: Registration,
    what: Call,
    promise: Promise<DescriptorStatus>,
  ): Promise<void> {
    const { descriptor } = registration;
    const pending: PendingCall = { descriptor, isOver: false };
    this.#pending.add(pending);
    try {
      const status = await promise;
      if (status && !pending.isOver) this.#ended(registration, what, status);
    } catch (error) {
      const failure = this.#report(error, what, descriptor);
      if (!pending.isOver) this.disconnect(descriptor, failure);
    }
    this.#pending.delete(pending);
    if (what === "doRead") this.#pollReadAgain(registration);
    else this.#pollWriteAgain(registration);
  }

  /** What a descriptor returned has ended its connection, or the half of it. */
  #ended(registration: Registration, what: Call, status: Error): void {
    const { reader } = registration;
    const isHalf = what === "doRead" && status instanceof ConnectionDone;
    if (!isHalf || reader?.readConnectionLost === undefined) {
      return this.disconnect(registration.descriptor, reasonOf(status));
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
    const registration = this.#registrationByDescriptor.get(descriptor);
    if (registration !== undefined) this.#forget(registration);
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

  #forget(registration: Registration): void {
    registration.reader = undefined;
    registration.writer = undefined;
    this.#registrationByDescriptor.delete(registration.descriptor);
    registration.node?.remove();
  }

  #registrationOf(descriptor: FileDescriptor): Registration {
    let registration = this.#registrationByDescriptor.get(descriptor);
    if (registration === undefined) {
      registration = new Registration(this, descriptor, pollableOf(descriptor));
      registration.node = this.#registrations.push(registration);
      this.#registrationByDescriptor.set(descriptor, registration);
    }
    return registration;
  }

  /** A call is over, and its descriptor ready again only if it says so. */
  #pollReadAgain(registration: Registration): void {
    registration.readPolled = false;
    this.#pollRead(registration);
  }

  #pollWriteAgain(registration: Registration): void {
    registration.writePolled = false;
    this.#pollWrite(registration);
  }

  #pollRead(registration: Registration): void {
    if (!this.#polling || registration.readPolled || !registration.reader) {
      return;
    }
    registration.readPolled = true;
    registration.pollable.pollRead(registration);
  }

  #pollWrite(registration: Registration): void {
    if (!this.#polling || registration.writePolled || !registration.writer) {
      return;
    }
    registration.writePolled = true;
    registration.pollable.pollWrite(registration);
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
      `Cannot registration ${
        nameOf(descriptor)
      }: its fileno() is ${fileno}, which is no open socket`,
    );
  }
  return pollable;
}
