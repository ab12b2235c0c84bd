// The conformance suite on the backend of the runtime, for the npm package: there that
// is Node's, and Bun has its own form of what Node has.

import process from "node:process";
import { runtimeBackend } from "../../mod.ts";
import {
  defineConformance,
  type Exceptions,
} from "../conformance/conformance.ts";

/** What Bun itself gets wrong. */
const BUN: Exceptions = {
  noZones: "Bun's node:net drops the zone of a link-local address",
  noHalfCloseOverTLS:
    "Bun's node:tls destroys a connection whose peer has ended its half: the answer to it is ECANCELED",
  noBackpressureOverTLS:
    "Bun's node:tls reads on from a Duplex, however much waits to be taken",
  forgetsCertificates:
    "Bun's node:tls has no certificate of a socket that is closed",
};

const isBun = "bun" in process.versions;

defineConformance(
  isBun ? "bun" : "node",
  () => runtimeBackend,
  isBun ? BUN : {},
);
