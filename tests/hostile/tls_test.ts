import type { Socket } from "node:net";
import { certificates } from "../support/certificates.ts";
import {
  type Carrier,
  HOST,
  placeOf,
  portAt,
  type SideName,
} from "./carriers.ts";
import { Peer } from "./peer.ts";
import { endingHandshakes, lastingHandshakes } from "./handshakes.ts";
import { SOME_RECEIVERS } from "./receivers.ts";
import { hostileSuite } from "./suite.ts";
import { TLSPeer } from "./tls_peer.ts";

const SSL: Carrier = {
  name: "TLS",
  listen(reactor, factory) {
    const { server } = certificates();
    const options = { ...server, interface: HOST };
    return placeOf(reactor.listenSSL(0, factory, options).getHost());
  },
  connect(reactor, factory, place) {
    const { root } = certificates();
    reactor.connectSSL(HOST, portAt(place), factory, { caCerts: [root.cert] });
  },
};

/** A peer that has come through the handshake. */
async function secured(raw: Socket, us: SideName): Promise<TLSPeer> {
  const peer = TLSPeer.begin(new Peer(raw), us);
  await peer.handshake;
  return peer;
}

hostileSuite(SSL, { makePeer: secured });

for (const us of ["server", "client"] as const) {
  hostileSuite(SSL, {
    makePeer: secured,
    sides: [us],
    receivers: SOME_RECEIVERS,
    ending: endingHandshakes(us),
    lasting: lastingHandshakes(us),
  });
}
