/**
 * Deferno: Twisted's asynchronous core for TypeScript. A reactor calls your code when
 * something has happened; protocols say what to do with a connection, whatever carries
 * it; a {@linkcode Deferred} stands for a result that is not there yet.
 *
 * Parts of it alone are `/defer`, which has no I/O, `/protocols`, `/policies`,
 * `/endpoints`, and `/testing`, for tests.
 * @example A server that greets, and a client that prints the greeting
 * ```ts
 * import { ClientFactory, Factory, Protocol, reactor } from "@deferno/deferno";
 *
 * class Greeter extends Protocol {
 *   override connectionMade(): void {
 *     this.transport.write(new TextEncoder().encode("hello"));
 *     this.transport.loseConnection();
 *   }
 * }
 *
 * class Printer extends Protocol {
 *   override dataReceived(data: Uint8Array): void {
 *     console.log(new TextDecoder().decode(data));
 *   }
 *   override connectionLost(): void {
 *     reactor.stop();
 *   }
 * }
 *
 * const options = { interface: "127.0.0.1" };
 * const port = reactor.listenTCP(0, Factory.forProtocol(Greeter), options);
 * const printers = ClientFactory.forProtocol(Printer);
 * reactor.connectTCP("127.0.0.1", port.getHost().port, printers);
 * await reactor.run();
 * ```
 * @module
 */

export * from "./defer/mod.ts";
export * from "./reactor/mod.ts";
