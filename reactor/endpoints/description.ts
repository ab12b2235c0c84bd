/**
 * The strings that endpoints are described by: `tcp:poems.test:port=10000`.
 *
 * @module
 */

/** A string that was taken apart. */
export interface Description {
  /** What it begins with: `tcp`. */
  readonly kind: string;
  /** The arguments without a name, in order. */
  readonly positional: readonly string[];
  /** The arguments with a name, as they stand: name, value. */
  readonly named: readonly (readonly [name: string, value: string])[];
}

/**
 * Quotes text that is to stand in the string of an endpoint, like a path or an
 * IPv6 address: Twisted's `quoteStringArgument`.
 *
 * @param argument any text
 *
 * @example
 * ```ts
 * import { quoteStringArgument } from "@deferno/deferno";
 *
 * const description = `tcp6:10000:interface=${quoteStringArgument("::1")}`;
 * console.assert(description === String.raw`tcp6:10000:interface=\:\:1`);
 * ```
 */
export function quoteStringArgument(argument: string): string {
  return argument.replace(/[\\:]/g, "\\$&");
}

/**
 * Takes a string apart, at its colons: in each part a first `=` stands between a
 * name and a value, and a backslash takes the meaning from what follows it.
 *
 * @throws {SyntaxError} if nothing follows a backslash
 */
export function takeApart(text: string): Description {
  const [kind = [""], ...parts] = split(text);
  const positional: string[] = [];
  const named: [string, string][] = [];
  for (const [first, value] of parts) {
    if (value === undefined) positional.push(first);
    else named.push([first, value]);
  }
  return { kind: kind.join("="), positional, named };
}

/** A part of a string: a value, or a name and a value. */
type Part = [first: string, value?: string];

function split(text: string): Part[] {
  let part: Part = [""];
  const parts: Part[] = [part];
  const characters = text[Symbol.iterator]();
  for (const character of characters) {
    if (character === ":") parts.push(part = [""]);
    else if (character === "=" && part.length === 1) part.push("");
    else append(part, character === "\\" ? escaped(characters) : character);
  }
  return parts;
}

function append(part: Part, text: string): void {
  if (part.length === 1) part[0] += text;
  else part[1] += text;
}

function escaped(characters: Iterator<string>): string {
  const next = characters.next();
  if (!next.done) return next.value;
  throw new SyntaxError("nothing follows the backslash at its end");
}
