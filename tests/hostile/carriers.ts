// The ways in which the library's connections are made, either side.

import type {
  ClientFactoryLike,
  FactoryLike,
  ProtocolLike,
  Reactor,
} from "../../mod.ts";
import type { Place } from "./peer.ts";

/** Which side of the connections the library's is. */
export type SideName = "server" | "client";

/** A way to make connections. */
export interface Carrier {
  readonly name: string;
  /** Listens, on the path where it needs one; where peers connect to. */
  listen(
    reactor: Reactor,
    factory: FactoryLike,
    path: string,
  ): Place | PromiseLike<Place>;
  /** Makes of a protocol the one that a connection begins with. */
  begin?(protocol: ProtocolLike, us: SideName): ProtocolLike;
  /** Connects. */
  connect(reactor: Reactor, factory: ClientFactoryLike, place: Place): void;
}

/** The host that everything is on. */
export const HOST = "127.0.0.1";

/** The place of a port that is listened on. */
export function placeOf({ port }: { readonly port: number }): Place {
  return { host: HOST, port };
}

/** The port of a place on TCP. */
export function portAt(place: Place): number {
  if ("port" in place) return place.port;
  throw new Error(`${place.path} is no place on TCP`);
}

/** The path of a UNIX socket. */
export function pathAt(place: Place): string {
  if ("path" in place) return place.path;
  throw new Error(`${place.port} is no UNIX socket`);
}
