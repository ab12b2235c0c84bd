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
import type { Instruments } from "./instruments.ts";

const DONE = new Failure(CONNECTION_DONE);
const LOST = new Failure(CONNECTION_LOST);

function reasonOf(status: Error): Failure {
  if (status === CONNECTION_DONE) return DONE;
  return status === CONNECTION_LOST ? LOST : new Failure(status);
}

/** Shared: mostly none is ready. */
const NONE: Registration[] = [];

type Call = "doRead" | "doWrite";

interface PendingCall {
  readonly descriptor: FileDescriptor;
  /** `connectionLost` was called, as it is once. */
  isOver: boolean;
}

class Registration implements ReadinessObserver {
  reader: ReadDescriptor | undefined;
  writer: WriteDescriptor | undefined;
  /**
   * Until the call is over: polled earlier, the socket would report a readiness that the
   * call uses up, and a writer would take what it has just handed over for sent.
   */
  readPolled = false;
  writePolled = false;

  node: Node<Registration> | undefined;
  readonly descriptor: FileDescriptor;
  readonly pollable: Pollable;
  readonly #poller: Poller;

  constructor(poller: Poller, descriptor: FileDescriptor, pollable: Pollable) {
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
 * In place of Twisted's `select`. A socket reports its readiness once, so it is polled
 * again after each call.
 */
export class Poller {
  #log: Log;
  #wake: () => void;
  #instruments: Instruments;
  #polling = false;
  #registrations: LinkedList<Registration> = new LinkedList();
  #registrationByDescriptor = new WeakMap<FileDescriptor, Registration>();
  #readable = NONE;
  #writable = NONE;
  readonly #pending = new Set<PendingCall>();

  /** @param wake called when a descriptor is ready */
  constructor(log: Log, wake: () => void, instruments: Instruments) {
    this.#log = log;
    this.#wake = wake;
    this.#instruments = instruments;
  }

  get ready(): boolean {
    return this.#readable.length > 0 || this.#writable.length > 0;
  }

  start(): void {
    this.#polling = true;
    for (const registration of this.#registrations) {
      this.#pollRead(registration);
      this.#pollWrite(registration);
    }
  }

  stop(): void {
    this.#polling = false;
  }

  addReader(reader: ReadDescriptor): void {
    const registration = this.#registrationOf(reader);
    if (this.#instruments.active && registration.reader === undefined) {
      this.#instruments.tell((one) => one.descriptorAdded?.(reader, "reader"));
    }
    registration.reader = reader;
    this.#pollRead(registration);
  }

  addWriter(writer: WriteDescriptor): void {
    const registration = this.#registrationOf(writer);
    if (this.#instruments.active && registration.writer === undefined) {
      this.#instruments.tell((one) => one.descriptorAdded?.(writer, "writer"));
    }
    registration.writer = writer;
    this.#pollWrite(registration);
  }

  removeReader(reader: ReadDescriptor): void {
    const registration = this.#registrationByDescriptor.get(reader);
    if (registration === undefined) return;
    if (this.#instruments.active) this.#tellRemoved(registration, "reader");
    registration.reader = undefined;
    if (registration.writer === undefined) this.#forget(registration);
  }

  removeWriter(writer: WriteDescriptor): void {
    const registration = this.#registrationByDescriptor.get(writer);
    if (registration === undefined) return;
    if (this.#instruments.active) this.#tellRemoved(registration, "writer");
    registration.writer = undefined;
    if (registration.reader === undefined) this.#forget(registration);
  }

  readers(): ReadDescriptor[] {
    return [...this.#registrations].flatMap(({ reader }) => reader ?? []);
  }

  writers(): WriteDescriptor[] {
    return [...this.#registrations].flatMap(({ writer }) => writer ?? []);
  }

  removeAll(): FileDescriptor[] {
    const registrations = [...this.#registrations];
    for (const registration of registrations) this.#forget(registration);
    return registrations.map(({ descriptor }) => descriptor);
  }

  /** Readers first: what they write goes out at once. */
  dispatch(): void {
    const readable = this.#readable;
    this.#readable = NONE;
    for (const registration of readable) {
      if (this.#call(registration, "doRead")) this.#pollReadAgain(registration);
    }
    const writable = this.#writable;
    this.#writable = NONE;
    for (const registration of writable) {
      if (this.#call(registration, "doWrite")) {
        this.#pollWriteAgain(registration);
      }
    }
  }

  readable(registration: Registration): void {
    // Room for one: an array that grows from none takes more.
    if (this.#readable === NONE) this.#readable = [registration];
    else this.#readable.push(registration);
    this.#wake();
  }

  writable(registration: Registration): void {
    if (this.#writable === NONE) this.#writable = [registration];
    else this.#writable.push(registration);
    this.#wake();
  }

  #call(registration: Registration, what: Call): boolean {
    if (!this.#instruments.active) return this.#callNow(registration, what);
    const { descriptor: subject } = registration;
    const side = what === "doRead" ? "reader" : "writer";
    if (registration[side] === undefined) return true;
    // With the connection's end, if any.
    return this.#instruments.around(
      { kind: what, name: nameOf(subject), subject },
      () => this.#callNow(registration, what),
    );
  }

  /** Whether the call is over: not with a promise. */
  #callNow(registration: Registration, what: Call): boolean {
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

  #report(error: unknown, what: string, descriptor: FileDescriptor): Failure {
    const failure = new Failure(error, { raised: true });
    const who = nameOf(descriptor);
    this.#log.err(failure, `Unhandled error in ${what} of ${who}:`);
    return failure;
  }

  #tellRemoved(registration: Registration, kind: "reader" | "writer"): void {
    const descriptor = registration[kind];
    if (descriptor === undefined) return;
    this.#instruments.tell((one) => one.descriptorRemoved?.(descriptor, kind));
  }

  #forget(registration: Registration): void {
    if (this.#instruments.active) {
      this.#tellRemoved(registration, "reader");
      this.#tellRemoved(registration, "writer");
    }
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

/** `logPrefix()` is user code. */
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
      }: its fileno() must be that of an open socket, got ${fileno}`,
    );
  }
  return pollable;
}
