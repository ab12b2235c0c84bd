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

  /** Takes a name, or an address without brackets. */
  constructor(type: "TCP", host: string, port: number) {
    this.type = type;
    this.host = host;
    this.port = port;
  }

  /** Same address and kind. */
  equals(other: unknown): boolean {
    return other instanceof InternetAddress &&
      other.constructor === this.constructor && other.type === this.type &&
      other.host === this.host && other.port === this.port;
  }
}

/**
 * One end of an IPv4 connection, or a host's name.
 * @category Transports
 */
export class IPv4Address extends InternetAddress {
  /** As in Twisted. */
  override toString(): string {
    return `IPv4Address(type='${this.type}', host='${this.host}', port=${this.port})`;
  }
}

/**
 * One end of an IPv6 connection.
 * @category Transports
 */
export class IPv6Address extends InternetAddress {
  /** 0 unless given. */
  readonly flowInfo: number;
  /** 0 unless given. */
  readonly scopeID: number | string;

  /** Takes an address without brackets. */
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

  /** Same address and kind. */
  override equals(other: unknown): boolean {
    return super.equals(other) && other instanceof IPv6Address &&
      other.flowInfo === this.flowInfo && other.scopeID === this.scopeID;
  }

  /** As in Twisted. */
  override toString(): string {
    const { type, host, port, flowInfo, scopeID } = this;
    const scope = typeof scopeID === "string" ? `'${scopeID}'` : scopeID;
    return `IPv6Address(type='${type}', host='${host}', port=${port}, ` +
      `flowInfo=${flowInfo}, scopeID=${scope})`;
  }
}

/**
 * One end of a UNIX socket's connection. The connecting end has no path.
 * @category Transports
 */
export class UNIXAddress {
  /** Of the socket's file, if any. */
  readonly name: string | undefined;

  /** Makes an address. */
  constructor(name?: string) {
    this.name = name;
  }

  /** Same address and kind. */
  equals(other: unknown): boolean {
    return other instanceof UNIXAddress && other.name === this.name;
  }

  /** As in Twisted. */
  toString(): string {
    const name = this.name === undefined ? "None" : `'${this.name}'`;
    return `UNIXAddress(${name})`;
  }
}

/**
 * What a `HostnameEndpoint` connects to.
 * @category Transports
 */
export class HostnameAddress {
  /** The host's name. */
  readonly hostname: string;
  /** The port. */
  readonly port: number;

  /** Makes an address. */
  constructor(hostname: string, port: number) {
    this.hostname = hostname;
    this.port = port;
  }

  /** Same name and port. */
  equals(other: unknown): boolean {
    return other instanceof HostnameAddress &&
      other.hostname === this.hostname && other.port === this.port;
  }

  /** As in Twisted. */
  toString(): string {
    return `HostnameAddress(hostname='${this.hostname}', port=${this.port})`;
  }
}

/**
 * Of a TCP connection or port.
 * @category Transports
 */
export type TCPAddress = IPv4Address | IPv6Address;

/**
 * Of a connection or a port.
 * @category Transports
 */
export type Address = TCPAddress | UNIXAddress;

/** The zone of `fe80::1%eth0` is its scope, and stays in the host, to connect to it. */
export function addressOf(host: string, port: number): TCPAddress {
  if (!host.includes(":")) return new IPv4Address("TCP", host, port);
  const [, zone] = /%([^\]]+)/.exec(host) ?? [];
  return new IPv6Address("TCP", host, port, 0, zone);
}

/** With another meaning in a URL. */
const NOT_IN_NAMES = /[\s/?#@:%\\[\]]/;

/**
 * As IDNA: `bücher.example` is `xn--bcher-kva.example`. ASCII and addresses stay; what is
 * no host name is `undefined`.
 */
export function encodeHostName(host: string): string | undefined {
  if (/^\p{ASCII}*$/u.test(host)) return host;
  if (NOT_IN_NAMES.test(host)) return undefined;
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return undefined;
  }
}

/**
 * An encoded name, or an address without brackets and zone.
 * @throws {TypeError} if it is not a host name
 */
export function certifiedHost(host: string): string {
  if (host.includes(":")) {
    return host.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  }
  const encoded = encodeHostName(host);
  if (encoded !== undefined) return encoded;
  const given = JSON.stringify(host);
  throw new TypeError(
    `Cannot check a certificate for ${given}: it is not the name of a host`,
  );
}
