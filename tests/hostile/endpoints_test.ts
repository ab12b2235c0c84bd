import {
  clientFromString,
  ConnectError,
  type Failure,
  serverFromString,
  TCP4ClientEndpoint,
  TCP4ServerEndpoint,
} from "../../mod.ts";
import { type Carrier, HOST, pathAt, placeOf, portAt } from "./carriers.ts";
import { SOME_RECEIVERS } from "./receivers.ts";
import { hostileSuite } from "./suite.ts";

/** A connection that is reset at once may never be made. */
function failed(failure: Failure): void {
  failure.trap(ConnectError);
}

const TCP: Carrier = {
  name: "TCP endpoints",
  async listen(reactor, factory) {
    const endpoint = new TCP4ServerEndpoint(reactor, 0, { interface: HOST });
    const port = await endpoint.listen(factory);
    return placeOf(port.getHost());
  },
  connect(reactor, factory, place) {
    new TCP4ClientEndpoint(reactor, HOST, portAt(place)).connect(factory)
      .addErrback(failed);
  },
};

const UNIX: Carrier = {
  name: "UNIX endpoints",
  async listen(reactor, factory, path) {
    await serverFromString(reactor, `unix:${path}`).listen(factory);
    return { path };
  },
  connect(reactor, factory, place) {
    clientFromString(reactor, `unix:${pathAt(place)}`).connect(factory)
      .addErrback(failed);
  },
};

hostileSuite(TCP, { receivers: SOME_RECEIVERS });
hostileSuite(UNIX, {
  receivers: SOME_RECEIVERS,
  // A UNIX socket cannot be reset: it breaks where something is left unread.
  reasons: ({ reasons }) => [...reasons, "ConnectionDone"],
});
