import { type Carrier, HOST, placeOf, portAt } from "./carriers.ts";
import { hostileSuite } from "./suite.ts";

const TCP: Carrier = {
  name: "TCP",
  listen(reactor, factory) {
    const port = reactor.listenTCP(0, factory, { interface: HOST });
    return placeOf(port.getHost());
  },
  connect(reactor, factory, place) {
    reactor.connectTCP(HOST, portAt(place), factory);
  },
};

hostileSuite(TCP);
