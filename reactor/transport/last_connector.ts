/**
 * Which connector was the last that began an attempt for a factory.
 *
 * @module
 */

import type { ClientFactoryLike, Connector } from "../interfaces.ts";

const connectors = new WeakMap<object, Connector>();

/**
 * An attempt begins. The factory is told of it by `startedConnecting`, but that is
 * its user's to override, and need not call what it overrides.
 */
export function rememberConnector(
  factory: Partial<ClientFactoryLike>,
  connector: Connector,
): void {
  connectors.set(factory, connector);
}

/** The connector that began the last attempt for a factory, if there was one. */
export function lastConnectorOf(
  factory: Partial<ClientFactoryLike>,
): Connector | undefined {
  return connectors.get(factory);
}
