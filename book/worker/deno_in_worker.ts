/**
 * As much of Deno as the programs of the introduction need, over the network of the
 * worker.
 *
 * @module
 */

import { type Backend, IPv4Address, type Stream } from "../../mod.ts";

/** What the programs see of the world outside. */
export interface Surroundings {
  readonly backend: Backend;
  readonly args: readonly string[];
  /** The path of the program in the checkout. */
  readonly path: string;
  readonly files: Readonly<Record<string, string>>;
  readonly stdin: string;
  /** Has a timer keep no program alive. */
  unref(timer: number): void;
  write(stream: "stdout" | "stderr", text: string): void;
  exit(status: number): void;
  onInterrupt(fn: () => void): void;
  /** Starts other programs; missing if it cannot. */
  readonly command?: unknown;
}

/** Ends a program: `Deno.exit()` throws it. */
export class Exit extends Error {
  override name = "Exit";
}

/** A class as `Deno.errors` has them. */
function errorClass(name: string): new (message: string) => Error {
  return class extends Error {
    override name = name;
  };
}

/** The classes of `Deno.errors` that programs know. */
export const errors = {
  AddrInUse: errorClass("AddrInUse"),
  BrokenPipe: errorClass("BrokenPipe"),
  ConnectionRefused: errorClass("ConnectionRefused"),
  ConnectionReset: errorClass("ConnectionReset"),
  NotConnected: errorClass("NotConnected"),
  NotFound: errorClass("NotFound"),
  NotSupported: errorClass("NotSupported"),
};

/** Makes the object that stands for `Deno`. */
export function makeDeno(around: Surroundings): Record<string, unknown> {
  const { backend } = around;
  let exitCode = 0;
  const decoder = new TextDecoder();
  const output = (stream: "stdout" | "stderr") => ({
    writeSync(bytes: Uint8Array): number {
      around.write(stream, decoder.decode(bytes));
      return bytes.length;
    },
    isTerminal: () => false,
  });
  return {
    args: [...around.args],
    mainModule: `file:///checkout/${around.path}`,
    build: { os: "linux" },
    version: { deno: "2.9.6" },
    errors,
    pid: 1,
    unrefTimer: around.unref,
    stdout: output("stdout"),
    stderr: output("stderr"),
    stdin: {
      isTerminal: () => false,
      readable: new Blob([around.stdin]).stream(),
    },
    get exitCode() {
      return exitCode;
    },
    set exitCode(status: number) {
      exitCode = status;
    },
    exit(status: number = exitCode): never {
      around.exit(status);
      throw new Exit();
    },
    execPath: () => "deno",
    cwd: () => "/checkout",
    inspect: (value: unknown) => inspect(value),
    permissions: {
      querySync: () => ({ state: "granted" }),
      query: () => Promise.resolve({ state: "granted" }),
    },
    addSignalListener(_signal: string, fn: () => void) {
      around.onInterrupt(fn);
    },
    removeSignalListener() {},
    readFileSync: (path: string | URL) =>
      new TextEncoder().encode(fileOf(around, path)),
    readTextFileSync: (path: string | URL) => fileOf(around, path),
    readTextFile: async (path: string | URL) => await fileOf(around, path),
    connect: (to: { hostname?: string; port: number }) => connect(backend, to),
    listen: (at: { hostname?: string; port: number }) => listen(backend, at),
    Command: around.command ?? class {
      constructor() {
        throw new errors.NotSupported("A page cannot start other programs");
      }
    },
  };
}

function fileOf({ files }: Surroundings, path: string | URL): string {
  const name = `${path}`.replace(/^file:\/\/\/checkout\//, "");
  const text = files[name];
  if (text === undefined) {
    throw new errors.NotFound(
      `No such file or directory (os error 2): readfile '${name}'`,
    );
  }
  return text;
}

interface Address {
  transport: "tcp";
  hostname: string;
  port: number;
}

function addressOf(stream: Stream, which: "local" | "remote"): Address {
  const address = which === "local"
    ? stream.localAddress
    : stream.remoteAddress;
  const { hostname, port } = address instanceof IPv4Address
    ? { hostname: address.host, port: address.port }
    : { hostname: "localhost", port: 0 };
  return { transport: "tcp", hostname, port };
}

/** A connection as Deno has them: its methods return promises. */
class Connection {
  readonly localAddr: Address;
  readonly remoteAddr: Address;
  #stream: Stream;
  #closed = false;

  constructor(stream: Stream) {
    this.#stream = stream;
    this.localAddr = addressOf(stream, "local");
    this.remoteAddr = addressOf(stream, "remote");
  }

  async read(into: Uint8Array): Promise<number | null> {
    while (!this.#closed) {
      const data = this.#stream.receive(into.length);
      if (data instanceof Error) {
        throw new errors.ConnectionReset("Connection reset by peer");
      }
      if (data !== undefined) {
        into.set(data);
        return data.length === 0 ? null : data.length;
      }
      await new Promise<void>((resolve) =>
        this.#stream.pollRead({ readable: resolve, writable() {} })
      );
    }
    throw new errors.NotConnected("The connection is closed");
  }

  async write(data: Uint8Array): Promise<number> {
    while (!this.#closed) {
      const sent = this.#stream.send(data);
      if (sent instanceof Error) throw new errors.BrokenPipe("Broken pipe");
      if (sent > 0 || data.length === 0) return sent;
      await new Promise<void>((resolve) =>
        this.#stream.pollWrite({ readable() {}, writable: resolve })
      );
    }
    throw new errors.NotConnected("The connection is closed");
  }

  async closeWrite(): Promise<void> {
    await this.#stream.endWrite?.();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    void this.#stream.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function connect(
  backend: Backend,
  { hostname = "127.0.0.1", port }: { hostname?: string; port: number },
): Promise<Connection> {
  return new Promise((resolve, reject) => {
    backend.connect({ hostname, port }, (outcome) => {
      if (outcome instanceof Error) {
        const text = "Connection refused (os error 111)";
        reject(new errors.ConnectionRefused(text));
      } else resolve(new Connection(outcome));
    });
  });
}

function listen(
  backend: Backend,
  { hostname = "0.0.0.0", port }: { hostname?: string; port: number },
): unknown {
  const listener = backend.listen({
    hostname,
    port,
    backlog: 511,
    reusePort: false,
  });
  const { address } = listener;
  return {
    addr: { transport: "tcp", hostname: address.host, port: address.port },
    async accept(): Promise<Connection> {
      while (true) {
        const stream = listener.accept();
        if (stream instanceof Error) throw stream;
        if (stream !== undefined) return new Connection(stream);
        await new Promise<void>((resolve) =>
          listener.pollRead({ readable: resolve, writable() {} })
        );
      }
    },
    close: () => void listener.close(),
  };
}

/** A value as a console prints it, as far as the programs need it. */
export function inspect(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Error) return value.stack ?? `${value}`;
  if (typeof value === "object" && value !== null) {
    const { toString } = value;
    if (toString !== Object.prototype.toString && !Array.isArray(value)) {
      return `${value}`;
    }
    return Array.isArray(value)
      ? `[ ${value.map(quoted).join(", ")} ]`
      : `{ ${
        Object.entries(value).map(([key, one]) => `${key}: ${quoted(one)}`)
          .join(", ")
      } }`;
  }
  return String(value);
}

function quoted(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : inspect(value);
}
