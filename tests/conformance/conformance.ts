/**
 * The conformance suite: what every backend has to do, written once. `memory_test.ts`,
 * `deno_test.ts` and `node_test.ts` each call `defineConformance` with their backend,
 * which defines all tests under that backend's name ("memory: …").
 *
 * - **Suite**: what the parts (`*_suite.ts`, one a subject) define their tests with. Each
 *   test gets a `Network` of its own.
 * - **Exceptions**: what a backend cannot do, with the reason. Tests check what it does
 *   instead, or are left out.
 * - **Network** (network.ts): a reactor over the backend, whose clock only the test moves,
 *   and the one list of all that happens on it. A **Side** is a factory that writes down
 *   its calls there ("client connectionLost ConnectionDone"), a **Recorder** its protocol.
 *   The test's own code stands in their `Hooks`.
 * - **Waiting**: never by time. `net.runUntil(…)` runs until the events that begin so have
 *   come, `net.runWith(…)` until a callback is done, which waits with `happened`, `turns`
 *   or `passes`. Each stops the reactor and fails where anything is left in it; what never
 *   comes ends the run after a while, with the events so far.
 * - **Carriers**: `overEach` (carriers.ts) defines one test each over TCP, UNIX and TLS.
 * - **Random programs** (`random_*.ts`): seeded programs of two sides that write, pause,
 *   close and throw in any order, held to what the interfaces promise. One that fails is
 *   printed cut down, with its seed; `random_connections_suite.ts` says how to run it again.
 * - **Node**: `node_test.ts` runs Node's backend on Deno's node:net. On Node itself
 *   `deno task test:npm` runs the suite from the npm package (tests/npm/conformance.ts).
 *
 * @module
 */

import type { Backend } from "../../mod.ts";
import { attemptSuite } from "./attempt_suite.ts";
import { backendFaultSuite } from "./backend_fault_suite.ts";
import { clientCreatorSuite } from "./client_creator_suite.ts";
import { connectorSuite } from "./connector_suite.ts";
import { faultSuite } from "./fault_suite.ts";
import { endpointSuite } from "./endpoint_suite.ts";
import { flowSuite } from "./flow_suite.ts";
import { gonePeerSuite } from "./gone_peer_suite.ts";
import { halfCloseSuite } from "./half_close_suite.ts";
import { lastPieceSuite } from "./last_piece_suite.ts";
import { lifeCycleSuite } from "./life_cycle_suite.ts";
import { lookupSuite } from "./lookup_suite.ts";
import { Network } from "./network.ts";
import { portSuite } from "./port_suite.ts";
import { producerSuite } from "./producer_suite.ts";
import { randomConnectionsSuite } from "./random_connections_suite.ts";
import { reasonSuite } from "./reason_suite.ts";
import { releasedSuite } from "./released_suite.ts";
import { resetSuite } from "./reset_suite.ts";
import { shutdownSuite } from "./shutdown_suite.ts";
import { starvationSuite } from "./starvation_suite.ts";
import { tlsEndpointSuite } from "./tls_endpoint_suite.ts";
import { tlsSuite } from "./tls_suite.ts";
import { transportSuite } from "./transport_suite.ts";
import { unixFileSuite } from "./unix_file_suite.ts";
import { unixSuite } from "./unix_suite.ts";
import { userErrorSuite } from "./user_error_suite.ts";
import { webStreamsSuite } from "./web_streams_suite.ts";

/**
 * What a backend may be unable to do. Where it is, the suite checks what it does
 * instead, and the reason stands beside the name.
 */
export interface Exceptions {
  /** It cannot break a connection: the peer sees it closed. */
  noReset?: string;
  /** Whose connections break in its place, where a test is about that. */
  breakable?: Backend;
  /** It cannot choose the local address of a connection. */
  noBindAddress?: string;
  /** It has no host names to look up. */
  noNames?: string;
  /** It knows nothing of the zones of addresses. */
  noZones?: string;
  /** What was not taken when a connection breaks is lost with it. */
  losesUntaken?: string;
  /** It has no local addresses that could be missing. */
  noLocalAddresses?: string;
  /** It has no files: neither to read, nor for its UNIX sockets. */
  noFiles?: string;
  /** Over TLS it can only close a connection as a whole. */
  noHalfCloseOverTLS?: string;
  /** Over TLS it takes all that is sent at once, however slowly the peer reads. */
  noBackpressureOverTLS?: string;
  /** The peer's certificate is forgotten when the connection is over. */
  forgetsCertificates?: string;
  /** It is another runtime's form of the backend, which has faults of its own. */
  isEmulated?: string;
}

export interface Suite {
  /** Defines a test, which gets a network of its own. */
  test(name: string, fn: (network: Network) => void | Promise<void>): void;
  /**
   * Defines a test of what a side makes of a peer whose connections really break
   * when they are aborted: another backend's, where this one's don't.
   */
  testPeer(
    name: string,
    us: "client" | "server",
    fn: (network: Network) => void | Promise<void>,
  ): void;
  exceptions: Exceptions;
}

/** A backend with another for the peers of one of its sides. */
function withPeers(
  backend: Backend,
  us: "client" | "server",
  peers: Backend = backend,
): Backend {
  return us === "client"
    ? { ...backend, listen: (options) => peers.listen(options) }
    : { ...backend, connect: (options, done) => peers.connect(options, done) };
}

/**
 * Defines the tests of everything that holds on every backend: what is called
 * when, in which order, and with which reason.
 *
 * @param name of the backend, for the names of the tests
 * @param makeBackend makes one for each test
 * @param exceptions what it cannot do, and why not
 */
export function defineConformance(
  name: string,
  makeBackend: () => Backend,
  exceptions: Exceptions = {},
): void {
  const suite: Suite = {
    test: (title, fn) => {
      Deno.test(`${name}: ${title}`, () => fn(new Network(makeBackend())));
    },
    testPeer: (title, us, fn) => {
      Deno.test(`${name}: ${title}`, () => {
        const { breakable } = exceptions;
        return fn(new Network(withPeers(makeBackend(), us, breakable)));
      });
    },
    exceptions,
  };
  lifeCycleSuite(suite);
  userErrorSuite(suite);
  connectorSuite(suite);
  attemptSuite(suite);
  backendFaultSuite(suite);
  clientCreatorSuite(suite);
  reasonSuite(suite);
  transportSuite(suite);
  flowSuite(suite);
  releasedSuite(suite);
  producerSuite(suite);
  lastPieceSuite(suite);
  halfCloseSuite(suite);
  tlsSuite(suite);
  webStreamsSuite(suite);
  resetSuite(suite);
  gonePeerSuite(suite);
  faultSuite(suite);
  starvationSuite(suite);
  portSuite(suite);
  shutdownSuite(suite);
  unixSuite(suite);
  unixFileSuite(suite);
  endpointSuite(suite);
  tlsEndpointSuite(suite);
  lookupSuite(suite);
  randomConnectionsSuite(name, makeBackend, exceptions);
}
