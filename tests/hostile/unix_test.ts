import { type Carrier, pathAt } from "./carriers.ts";
import { hostileSuite } from "./suite.ts";

const UNIX: Carrier = {
  name: "UNIX",
  listen(reactor, factory, path) {
    reactor.listenUNIX(path, factory);
    return { path };
  },
  connect(reactor, factory, place) {
    reactor.connectUNIX(pathAt(place), factory);
  },
};

hostileSuite(UNIX, {
  // A UNIX socket cannot be reset: it breaks where something is left unread.
  reasons: ({ reasons }) => [...reasons, "ConnectionDone"],
});
