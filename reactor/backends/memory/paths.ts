/**
 * UNIX sockets in memory.
 *
 * @module
 */

import { UNIXAddress } from "../../addresses.ts";
import { BadFileError, CannotListenError, ConnectError } from "../../errors.ts";
import type {
  ConnectPathOptions,
  Listener,
  ListenPathOptions,
  Stream,
} from "../../backend.ts";
import { MemoryListener } from "./listener.ts";
import { MemoryStream } from "./stream.ts";
import { lockOf } from "../unix/files.ts";

/** What is listened on. */
interface Place {
  readonly listener: MemoryListener<UNIXAddress>;
  readonly locked: boolean;
}

/**
 * The paths that are listened on. There are no files, so that nobody's
 * permissions matter, and nothing is left behind by a server that is dead.
 */
export class MemoryPaths {
  readonly #places = new Map<string, Place>();

  /** @throws {CannotListenError} if the path is listened on */
  listen({ path, lock }: ListenPathOptions): Listener<UNIXAddress> {
    if (this.#places.has(path)) {
      throw new CannotListenError({ path }, "address already in use");
    }
    const listener = new MemoryListener(
      new UNIXAddress(path),
      () => this.#places.delete(path),
    );
    this.#places.set(path, { listener, locked: lock });
    return listener;
  }

  /** Connects, or says why not. */
  connect({ path, mustBeLocked }: ConnectPathOptions): Stream | Error {
    const place = this.#places.get(path);
    if (mustBeLocked && !place?.locked) {
      return new BadFileError(
        `Cannot connect to ${path}: no server has locked it with ${
          lockOf(path)
        }`,
      );
    }
    if (place === undefined) {
      return new ConnectError(
        `Cannot connect to ${path}: no such file or directory`,
      );
    }
    const { near, far } = MemoryStream.pair(
      new UNIXAddress(),
      new UNIXAddress(path),
    );
    place.listener.offer(far);
    return near;
  }
}
