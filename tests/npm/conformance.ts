// The conformance suite on the backend of the runtime, for the npm package:
// there that is Node's.

import { runtimeBackend } from "../../mod.ts";
import { defineConformance } from "../conformance/conformance.ts";

defineConformance(runtimeBackend.name, () => runtimeBackend);
