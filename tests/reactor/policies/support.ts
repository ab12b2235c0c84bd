// What the tests of policies share.

import {
  ClientFactory,
  type Connector,
  Failure,
  IPv4Address,
  Protocol,
} from "../../../mod.ts";
import { StringTransport } from "../../../testing.ts";

/** Where connections come from. */
export const PEER = new IPv4Address("TCP", "192.168.1.1", 54321);

/** A protocol that notes what it is told. */
export class Noting extends Protocol {
  told: string[] = [];
  override connectionMade(): void {
    this.told.push("made");
  }
  override dataReceived(data: Uint8Array): void {
    this.told.push(`data ${data.length}`);
  }
  override connectionLost(reason: Failure): void {
    this.told.push(`lost: ${reason.type?.name}, ${this.transport.connected}`);
  }
}

/** A factory that notes what it is told, and keeps its protocols. */
export class NotingFactory extends ClientFactory {
  override noisy = false;
  told: string[] = [];
  built: Noting[] = [];
  override startFactory(): void {
    this.told.push("start");
  }
  override stopFactory(): void {
    this.told.push("stop");
  }
  override buildProtocol(): Noting {
    const protocol = new Noting();
    protocol.factory = this;
    this.built.push(protocol);
    return protocol;
  }
  override startedConnecting(connector: Connector): void {
    this.told.push(`connecting, ${connector.state}`);
  }
  override clientConnectionFailed(_: Connector, reason: Failure): void {
    this.told.push(`failed: ${reason.type?.name}`);
  }
  override clientConnectionLost(_: Connector, reason: Failure): void {
    this.told.push(`lost: ${reason.type?.name}`);
  }
}

/** A factory that builds nothing. */
export class EmptyFactory extends ClientFactory {
  override noisy = false;
  override buildProtocol(): null {
    return null;
  }
}

/** A producer that notes what it is told. */
export class Producer {
  told: string[] = [];
  resumeProducing(): void {
    this.told.push("resume");
  }
  pauseProducing(): void {
    this.told.push("pause");
  }
  stopProducing(): void {
    this.told.push("stop");
  }
}

/** What has to be there. */
export function present<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error("Nothing there");
  return value;
}

/** Connects a protocol to a transport that goes nowhere. */
export function connect<P extends Protocol>(
  built: P | null | undefined,
): { protocol: P; transport: StringTransport } {
  const protocol = present(built);
  const transport = new StringTransport();
  protocol.makeConnection(transport);
  return { protocol, transport };
}

/** The reason for a clean end. */
export function reason(error: Error): Failure {
  return new Failure(error);
}
