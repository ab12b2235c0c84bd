import type { Socket } from "node:net";
import type { Failure, ProtocolLike, Transport } from "../../mod.ts";
import { certificates } from "../support/certificates.ts";
import {
  type Carrier,
  HOST,
  pathAt,
  placeOf,
  portAt,
  type SideName,
} from "./carriers.ts";
import { endingHandshakes, lastingHandshakes } from "./handshakes.ts";
import { SOME_RECEIVERS } from "./receivers.ts";
import { hostileSuite } from "./suite.ts";
import { TLSPeer } from "./tls_peer.ts";
import { Peer } from "./peer.ts";

/** What the client says before it begins TLS, and what the server says to that. */
const WISH = "STARTTLS\r\n";
const CONSENT = "go ahead\r\n";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Begins TLS after a few words in clear, and is the protocol that it wraps then. */
class Upgrading implements ProtocolLike {
  readonly #protocol: ProtocolLike;
  readonly #us: SideName;
  /** There where the protocol has it: what it has is what it can do. */
  readConnectionLost?: () => void;
  #heard = "";
  #transport: Transport | undefined;
  #isSecure = false;

  constructor(protocol: ProtocolLike, us: SideName) {
    this.#protocol = protocol;
    this.#us = us;
    if (protocol.readConnectionLost === undefined) return;
    this.readConnectionLost = () => {
      if (this.#isSecure) return protocol.readConnectionLost?.();
      this.#transport?.loseConnection();
    };
  }

  makeConnection(transport: Transport): void {
    this.#transport = transport;
    if (this.#us === "client") transport.write(encoder.encode(WISH));
  }

  dataReceived(data: Uint8Array): void {
    if (this.#isSecure) return this.#protocol.dataReceived(data);
    this.#heard += decoder.decode(data);
    const awaited = this.#us === "client" ? CONSENT : WISH;
    if (this.#heard === awaited) return this.#upgrade();
  }

  connectionLost(reason: Failure): void {
    if (this.#isSecure) return this.#protocol.connectionLost(reason);
  }

  #upgrade(): void {
    const transport = this.#transport;
    if (transport === undefined) return;
    const { server, root } = certificates();
    if (this.#us === "server") {
      transport.write(encoder.encode(CONSENT));
      transport.startTLS(server);
    } else {
      transport.startTLS({ caCerts: [root.cert], hostname: "localhost" });
    }
    this.#isSecure = true;
    return this.#protocol.makeConnection(transport);
  }
}

const begin = (protocol: ProtocolLike, us: SideName) => {
  return new Upgrading(protocol, us);
};

const TCP: Carrier = {
  name: "startTLS",
  begin,
  listen(reactor, factory) {
    const port = reactor.listenTCP(0, factory, { interface: HOST });
    return placeOf(port.getHost());
  },
  connect(reactor, factory, place) {
    reactor.connectTCP(HOST, portAt(place), factory);
  },
};

const UNIX: Carrier = {
  name: "startTLS over UNIX",
  begin,
  listen(reactor, factory, path) {
    reactor.listenUNIX(path, factory);
    return { path };
  },
  connect(reactor, factory, place) {
    reactor.connectUNIX(pathAt(place), factory);
  },
};

/** A peer that has exchanged STARTTLS, and has not begun TLS. */
async function upgraded(raw: Socket, us: SideName): Promise<Peer> {
  const peer = new Peer(raw);
  const [words, awaited] = us === "client" ? [CONSENT, WISH] : [WISH, CONSENT];
  if (us === "server") await peer.send(encoder.encode(words));
  await peer.got(awaited.length);
  if (us === "client") await peer.send(encoder.encode(words));
  // What comes behind that would still be in clear.
  if (us === "client") await peer.got(awaited.length + 1);
  peer.received = peer.received.subarray(awaited.length);
  return peer;
}

/** A peer that has come through the handshake. */
async function secured(raw: Socket, us: SideName): Promise<TLSPeer> {
  const peer = TLSPeer.begin(await upgraded(raw, us), us);
  await peer.handshake;
  return peer;
}

for (const carrier of [TCP, UNIX]) {
  hostileSuite(carrier, {
    makePeer: secured,
    makeRaw: upgraded,
    receivers: SOME_RECEIVERS,
  });
}

for (const us of ["server", "client"] as const) {
  hostileSuite(TCP, {
    makePeer: secured,
    makeRaw: upgraded,
    sides: [us],
    receivers: SOME_RECEIVERS,
    ending: endingHandshakes(us),
    lasting: lastingHandshakes(us),
  });
}
