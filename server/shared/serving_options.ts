/**
 * The options of the servers under the reactor.
 *
 * @module
 */

import type { Values } from "../../cli/command_line.ts";
import {
  drain,
  iface,
  listen,
  maxClients,
  port,
  sendTimeout,
  sharedPort,
  worker,
  workers,
} from "../../cli/options.ts";

/** What every server under the reactor takes. */
export const servingOptions = {
  port,
  iface,
  listen,
  "max-clients": maxClients,
  "send-timeout": sendTimeout,
  drain,
  workers,
  worker,
  "shared-port": sharedPort,
};

/** The values of these options. */
export type ServingValues = Values<typeof servingOptions>;
