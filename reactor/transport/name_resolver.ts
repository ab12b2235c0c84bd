/**
 * The names of hosts, and their addresses.
 *
 * @module
 */

import { Deferred, Failure, succeed } from "../../defer/mod.ts";
import { DNSLookupError } from "../errors.ts";
import type { Attempt } from "../backend.ts";
import type {
  Disconnectable,
  OpenNode,
  ReactorCore,
} from "../loop/reactor_core.ts";

/**
 * What looks up the names of hosts: Twisted's `IHostnameResolver`, whose answer
 * comes in one piece here. A reactor has one, and can be given another.
 */
export interface NameResolver {
  /**
   * Looks the addresses of a host up.
   *
   * @param hostname the name; an address is its own
   * @returns fires with the addresses, those to be tried first in front; fails
   *   with a `DNSLookupError` if there are none
   */
  resolveHostName(hostname: string): Deferred<readonly string[]>;
}

/** Looks names up the way the backend of a reactor does. */
export class BackendNameResolver implements NameResolver {
  readonly #reactor: ReactorCore;

  /** @param reactor whose backend is asked, and in whose loop the answer comes */
  constructor(reactor: ReactorCore) {
    this.#reactor = reactor;
  }

  resolveHostName(hostname: string): Deferred<readonly string[]> {
    if (isAddress(hostname)) return succeed([hostname]);
    return new Lookup(this.#reactor, hostname).found;
  }
}

/** One name that is being looked up. */
class Lookup implements Disconnectable {
  /** Fires with the addresses. */
  readonly found: Deferred<readonly string[]> = new Deferred(() => this.#end());
  readonly #hostname: string;
  #attempt: Attempt | undefined;
  /** Where the reactor finds what it has to end. */
  readonly #node: OpenNode;
  #isOver = false;

  constructor(reactor: ReactorCore, hostname: string) {
    this.#hostname = hostname;
    this.#node = reactor.opened(this, "connection");
    try {
      this.#attempt = reactor.backend.lookup?.(hostname, (outcome) => {
        reactor.callFromThread(() => this.#settle(outcome));
      });
    } catch (error) {
      this.#fail(new Failure(error).getErrorMessage(), { cause: error });
      return;
    }
    if (this.#attempt === undefined) {
      this.#fail(`the backend ${reactor.backend.name} knows no names`);
    }
  }

  /** For the reactor, which stops. */
  disconnectNow(): void {
    this.#fail("the reactor stopped");
  }

  #fail(why: string, options?: ErrorOptions): void {
    const message = `Cannot look up ${this.#hostname}: ${why}`;
    this.#settle(new DNSLookupError(message, options));
  }

  #settle(outcome: readonly string[] | Error): void {
    if (this.#isOver) return;
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

/** Whether a host is given by its address, and there is nothing to look up. */
function isAddress(host: string): boolean {
  return host.includes(":") || /^\d+(\.\d+){3}$/.test(host);
}
