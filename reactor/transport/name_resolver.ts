import { Deferred, Failure, succeed } from "../../defer/mod.ts";
import { DNSLookupError } from "../errors.ts";
import type { Attempt } from "../backend.ts";
import type { Disconnectable, ReactorCore } from "../loop/reactor_core.ts";
import type { Node } from "../../defer/linked_list.ts";

/**
 * Twisted's `IHostnameResolver`, with an answer in one piece.
 * @category Transports
 */
export interface NameResolver {
  /**
   * Looks up a host's addresses; an address is its own.
   * @returns fires with them, the preferred ones first; fails with a `DNSLookupError`
   *   without any
   */
  resolveHostName(hostname: string): Deferred<readonly string[]>;
}

export class BackendNameResolver implements NameResolver {
  readonly #core: ReactorCore;

  constructor(core: ReactorCore) {
    this.#core = core;
  }

  resolveHostName(hostname: string): Deferred<readonly string[]> {
    if (isAddress(hostname)) return succeed([hostname]);
    return new Lookup(this.#core, hostname).found;
  }
}

class Lookup implements Disconnectable {
  readonly found: Deferred<readonly string[]> = new Deferred(() => this.#end());
  readonly #hostname: string;
  #attempt: Attempt | undefined;
  readonly #node: Node<Disconnectable>;
  #isOver = false;

  constructor(core: ReactorCore, hostname: string) {
    const { backend } = core.loop;
    this.#hostname = hostname;
    this.#node = core.opened(this, "connection");
    try {
      this.#attempt = backend.lookup?.(hostname, (outcome) => {
        core.callInLoop(this, () => {
          if (!this.#isOver) this.#settle(outcome);
        });
      });
    } catch (error) {
      this.#fail(new Failure(error).getErrorMessage(), { cause: error });
      return;
    }
    if (this.#attempt === undefined) {
      this.#fail(`the backend ${backend.name} knows no names`);
    }
  }

  logPrefix(): string {
    return `lookup of ${this.#hostname}`;
  }

  disconnectNow(): void {
    this.#fail("the reactor stopped");
  }

  #fail(why: string, options?: ErrorOptions): void {
    if (this.#isOver) return;
    const message = `Cannot look up ${this.#hostname}: ${why}`;
    this.#settle(new DNSLookupError(message, options));
  }

  #settle(outcome: readonly string[] | Error): void {
    this.#end();
    if (outcome instanceof Error) this.found.errback(outcome);
    else this.found.callback(outcome);
  }

  #end(): void {
    this.#isOver = true;
    this.#attempt?.cancel();
    this.#node.remove();
  }
}

function isAddress(host: string): boolean {
  return host.includes(":") || /^\d+(\.\d+){3}$/.test(host);
}
