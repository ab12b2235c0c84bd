import { UNIXAddress } from "../../addresses.ts";
import type {
  ConnectPathOptions,
  Listener,
  ListenPathOptions,
  Stream,
} from "../../backend.ts";
import { CannotListenError, ConnectError } from "../../errors.ts";
import { notLocked } from "../unix/files.ts";
import { MemoryListener } from "./listener.ts";
import { MemoryStream } from "./stream.ts";

interface Binding {
  readonly listener: MemoryListener<UNIXAddress>;
  readonly locked: boolean;
}

/** Without files: so no permissions, and no stale sockets. */
export class MemoryPaths {
  readonly #bindings = new Map<string, Binding>();

  /** @throws {CannotListenError} if the path is in use */
  listen({ path, lock }: ListenPathOptions): Listener<UNIXAddress> {
    if (this.#bindings.has(path)) {
      throw new CannotListenError({ path }, "address already in use");
    }
    const listener = new MemoryListener(
      new UNIXAddress(path),
      () => this.#bindings.delete(path),
    );
    this.#bindings.set(path, { listener, locked: lock });
    return listener;
  }

  connect({ path, mustBeLocked }: ConnectPathOptions): Stream | Error {
    const binding = this.#bindings.get(path);
    if (mustBeLocked && !binding?.locked) return notLocked(path);
    if (binding === undefined) {
      return new ConnectError(
        `Cannot connect to ${path}: no such file or directory`,
      );
    }
    const { near, far } = MemoryStream.pair(
      new UNIXAddress(),
      new UNIXAddress(path),
    );
    binding.listener.offer(far);
    return near;
  }
}
