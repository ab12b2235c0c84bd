/**
 * Sockets that block: a `recv` that has nothing to give yet stops the whole thread until
 * it has. JavaScript can't do that by itself, and nobody should; client 1-broken shows
 * why. A worker does the reading, and the thread sleeps on memory that they share.
 *
 * @module
 */

import {
  type Address,
  type Attempt,
  type Backend,
  ConnectError,
  ConnectionLost,
  IPv4Address,
  IPv6Address,
  type ReadinessObserver,
  runtimeBackend,
  type Stream,
} from "../../mod.ts";
import {
  type Address as ServerAddress,
  formatAddress,
} from "../../cli/addresses.ts";
import { reasonOf } from "../../cli/exit.ts";

/** What the shared memory begins with: how many bytes lie behind it, 0 at the end … */
type Count = Int32Array<SharedArrayBuffer>;
/** … or that there are none yet, … */
const NOTHING_YET = -1;
/** … or that there will be none, because the connection broke. */
const LOST = -2;

const COUNT_SIZE = Int32Array.BYTES_PER_ELEMENT;
const PIECE_SIZE = 64 * 1024;

/** What the worker is told. */
interface Order {
  server: ServerAddress;
  memory: SharedArrayBuffer;
}

/** The two ends of a connection. */
interface Ends {
  local: Deno.NetAddr;
  remote: Deno.NetAddr;
}

/** What the worker tells. */
type Report =
  | { event: "connected" } & Ends
  | { event: "failed"; reason: string }
  | { event: "readable" };

/**
 * What the worker does: it puts one piece after the other into the memory, each when the
 * last has been taken. It is sent there as text, so nothing of this file is known to it.
 */
function work(): void {
  const scope = self as unknown as Worker;
  const report = (message: Report) => scope.postMessage(message);

  scope.onmessage = async ({ data }: MessageEvent<Order>) => {
    const { server, memory } = data;
    const count = new Int32Array(memory, 0, 1);
    const shared = new Uint8Array(memory, count.byteLength);
    const put = async (value: number) => {
      Atomics.store(count, 0, value);
      Atomics.notify(count, 0);
      report({ event: "readable" });
      await Atomics.waitAsync(count, 0, value).value;
    };

    let connection: Deno.TcpConn;
    try {
      connection = await Deno.connect(server);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return report({ event: "failed", reason });
    }
    const { localAddr: local, remoteAddr: remote } = connection;
    report({ event: "connected", local, remote });

    // Deno can't read into shared memory directly.
    const piece = new Uint8Array(shared.length);
    while (true) {
      // -2 stands for LOST, which is not known here.
      const size = await connection.read(piece).catch(() => -2);
      if (size !== null && size > 0) shared.set(piece.subarray(0, size));
      await put(size ?? 0);
    }
  };
}

const WORKER_URL = `data:text/javascript,${encodeURIComponent(`(${work})()`)}`;

function addressOf({ hostname, port }: Deno.NetAddr): Address {
  return hostname.includes(":")
    ? new IPv6Address("TCP", hostname, port)
    : new IPv4Address("TCP", hostname, port);
}

/** A connection that a worker reads from. Nothing can be sent on it. */
class BlockingStream implements Stream {
  readonly localAddress: Address;
  readonly remoteAddress: Address;
  readonly #worker: Worker;
  readonly #count: Count;
  readonly #shared: Uint8Array;
  /** What was taken from the worker, and not yet from here. */
  #received = new Uint8Array(0);
  #reader: ReadinessObserver | undefined;

  constructor(
    worker: Worker,
    memory: SharedArrayBuffer,
    { local, remote }: Ends,
  ) {
    this.#worker = worker;
    this.#count = new Int32Array(memory, 0, 1);
    this.#shared = new Uint8Array(memory, COUNT_SIZE);
    this.localAddress = addressOf(local);
    this.remoteAddress = addressOf(remote);
    worker.onmessage = () => this.pollRead(this.#reader);
  }

  pollRead(observer: ReadinessObserver | undefined): void {
    const ready = this.#received.length > 0 ||
      Atomics.load(this.#count, 0) !== NOTHING_YET;
    this.#reader = ready ? undefined : observer;
    if (ready) observer?.readable();
  }

  pollWrite(observer: ReadinessObserver): void {
    observer.writable();
  }

  receive(max: number): Uint8Array | ConnectionLost {
    if (this.#received.length === 0) {
      // Here the whole thread stops: no timer, no other socket, no Ctrl-C.
      Atomics.wait(this.#count, 0, NOTHING_YET);
      const count = Atomics.load(this.#count, 0);
      if (count === LOST) return new ConnectionLost();
      this.#received = this.#shared.slice(0, count);
      if (count > 0) this.#fetchMore();
    }
    const received = this.#received.subarray(0, max);
    this.#received = this.#received.subarray(max);
    return received;
  }

  send(): ConnectionLost {
    return new ConnectionLost("A blocking socket is for reading alone");
  }

  close(): void {
    this.#worker.terminate();
  }

  abort(): void {
    this.close();
  }

  /** The end and a broken connection stay: only what was taken makes room. */
  #fetchMore(): void {
    Atomics.store(this.#count, 0, NOTHING_YET);
    Atomics.notify(this.#count, 0);
  }
}

function connect(
  server: ServerAddress,
  done: (outcome: Stream | Error) => void,
): Attempt {
  const memory = new SharedArrayBuffer(COUNT_SIZE + PIECE_SIZE);
  new Int32Array(memory, 0, 1)[0] = NOTHING_YET;
  const worker = new Worker(WORKER_URL, { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<Report>) => {
    if (data.event === "connected") {
      done(new BlockingStream(worker, memory, data));
    } else if (data.event === "failed") {
      worker.terminate();
      const reason = reasonOf(new Error(data.reason));
      done(
        new ConnectError(
          `Cannot connect to ${formatAddress(server)}: ${reason}`,
        ),
      );
    }
  };
  const { hostname, port } = server;
  const order: Order = { server: { hostname, port }, memory };
  worker.postMessage(order);
  return { cancel: () => worker.terminate() };
}

/**
 * Like the backend for Deno, but its sockets block in `recv`:
 * `Socket.connect(address, blockingBackend)`.
 */
export const blockingBackend: Backend = {
  ...runtimeBackend,
  name: "blocking",
  connect,
};
