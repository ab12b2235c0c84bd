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

export type ServingValues = Values<typeof servingOptions>;
