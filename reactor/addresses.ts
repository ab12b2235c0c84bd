// Network addresses, as values.

/**
 * An address of either Internet protocol.
 * @category Transports
 */
export abstract class InternetAddress {
  /** The transport: `"TCP"`. */
  readonly type: "TCP";
  /** A name or an address. */
  readonly host: string;
  /** The port. */
  readonly port: number;

  /** Makes an address, of a name, or an address without brackets. */
  constructor(type: "TCP", host: string, port: number) {
    this.type = type;
    this.host = host;
    this.port = port;
  }

  /** Whether `other` is the same address of the same kind. */
  equals(other: unknown): boolean {
    return other instanceof InternetAddress &&
      other.constructor === this.constructor && other.type === this.type &&
      other.host === this.host && other.port === this.port;
  }
}

/**
 * One end of a connection over IPv4, or the name of a host.
 * @example
 * ```ts
 * import { IPv4Address } from "@deferno/deferno";
 *
 * const text = `${new IPv4Address("TCP", "127.0.0.1", 80)}`;
 * console.assert(text === "IPv4Address(type='TCP', host='127.0.0.1', port=80)");
 * ```
 * @category Transports
 */
export class IPv4Address extends InternetAddress {
  /** As Twisted prints it. */
  override toString(): string {
    return `IPv4Address(type='${this.type}', host='${this.host}', port=${this.port})`;
  }
}

/**
 * One end of a connection over IPv6.
 * @category Transports
 */
export class IPv6Address extends InternetAddress {
  /** The flow label; 0 unless given. */
  readonly flowInfo: number;
  /** The scope; 0 unless given. */
  readonly scopeID: number | string;

  /** Makes an address, without brackets. */
  constructor(
    type: "TCP",
    host: string,
    port: number,
    flowInfo: number = 0,
    scopeID: number | string = 0,
  ) {
    super(type, host, port);
    this.flowInfo = flowInfo;
    this.scopeID = scopeID;
  }

  /** Whether `other` is the same address of the same kind. */
  override equals(other: unknown): boolean {
    return super.equals(other) && other instanceof IPv6Address &&
      other.flowInfo === this.flowInfo && other.scopeID === this.scopeID;
  }

  /** As Twisted prints it. */
  override toString(): string {
    const { type, host, port, flowInfo, scopeID } = this;
    const scope = typeof scopeID === "string" ? `'${scopeID}'` : scopeID;
    return `IPv6Address(type='${type}', host='${host}', port=${port}, ` +
      `flowInfo=${flowInfo}, scopeID=${scope})`;
  }
}

/**
 * One end of a connection over a UNIX socket: the path of the socket's file, which the
 * connecting end lacks, as in Twisted.
 * @category Transports
 */
export class UNIXAddress {
  /** The path of the socket's file, if any. */
  readonly name: string | undefined;

  /** Makes an address. */
  constructor(name?: string) {
    this.name = name;
  }

  /** Whether `other` is the same address of the same kind. */
  equals(other: unknown): boolean {
    return other instanceof UNIXAddress && other.name === this.name;
  }

  /** As Twisted prints it. */
  toString(): string {
    return `UNIXAddress(${
      this.name === undefined ? "None" : `'${this.name}'`
    })`;
  }
}

/**
 * What a `HostnameEndpoint` connects to, before the look-up.
 * @category Transports
 */
export class HostnameAddress {
  /** The name of the host. */
  readonly hostname: string;
  /** The port. */
  readonly port: number;

  /** Makes an address. */
  constructor(hostname: string, port: number) {
    this.hostname = hostname;
    this.port = port;
  }

  /** Whether `other` is the same name and port. */
  equals(other: unknown): boolean {
    return other instanceof HostnameAddress &&
      other.hostname === this.hostname && other.port === this.port;
  }

  /** As Twisted prints it. */
  toString(): string {
    return `HostnameAddress(hostname='${this.hostname}', port=${this.port})`;
  }
}

/**
 * An address that a TCP connection or port can have.
 * @category Transports
 */
export type TCPAddress = IPv4Address | IPv6Address;

/**
 * An address that a connection or a port can have.
 * @category Transports
 */
export type Address = TCPAddress | UNIXAddress;

/**
 * The address object for a host and a port.
 * @param host a name, or an address without brackets. The zone of `fe80::1%eth0` is its
 *   scope, and stays in the host as well, to be connected to
 */
export function addressOf(host: string, port: number): TCPAddress {
  if (!host.includes(":")) return new IPv4Address("TCP", host, port);
  const [, zone] = /%([^\]]+)/.exec(host) ?? [];
  return new IPv6Address("TCP", host, port, 0, zone);
}
