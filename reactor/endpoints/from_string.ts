/**
 * What is common to the strings of clients and of servers.
 *
 * @module
 */

import type { Reactor } from "../reactor.ts";
import {
  type ArgumentNames,
  type Arguments,
  nameArguments,
} from "./arguments.ts";
import { type Description, takeApart } from "./description.ts";

/** A kind of endpoint. */
export interface Kind<E> {
  /** Which arguments it takes. */
  names(description: Description): ArgumentNames;
  /** Makes one. */
  make(reactor: Reactor, args: Arguments): E;
}

/** All that a string can begin with. */
export type Kinds<E> = ReadonlyMap<string, Kind<E>>;

/**
 * Makes the endpoint that a string describes.
 *
 * @param reactor what the endpoint is to connect or listen with
 * @param text the string
 * @param kinds what it can begin with
 * @throws an error of the kind that was found, which says what cannot be read
 */
export function fromString<E>(
  reactor: Reactor,
  text: string,
  kinds: Kinds<E>,
): E {
  try {
    const description = takeApart(text);
    const kind = kinds.get(description.kind);
    if (kind === undefined) throw unknownKind([...kinds.keys()]);
    const args = nameArguments(description, kind.names(description));
    return kind.make(reactor, args);
  } catch (error) {
    throw explained(text, error as Error);
  }
}

function unknownKind(known: string[]): SyntaxError {
  const beginnings = known.map((kind) => `${kind}:`);
  return new SyntaxError(`it must begin with ${beginnings.join(", ")}`);
}

/** The same error, with the string that it comes from. */
function explained(text: string, error: Error): Error {
  const { message } = error;
  const why = message.charAt(0).toLowerCase() + message.slice(1);
  const classes = [SyntaxError, RangeError, TypeError];
  const Same = classes.find((one) => error instanceof one) ?? Error;
  return new Same(`Cannot read the endpoint ${JSON.stringify(text)}: ${why}`, {
    cause: error.cause,
  });
}
