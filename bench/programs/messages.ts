/**
 * The messages that are counted when protocols are measured: all of one length,
 * in the form that a protocol wants.
 *
 * @module
 */

/** How many messages go over the connection, and how many bytes each has. */
export const MESSAGES = 2_000_000;
export const LENGTH = 100;

/** How many messages the sender writes at a time. */
export const BATCH = 10_000;

/** How messages can look on their way. */
export type Form = "lines" | "netstrings" | "int32";

const MESSAGE = "x".repeat(LENGTH);
const FORMS: Record<Form, string> = {
  lines: `${MESSAGE}\r\n`,
  netstrings: `${LENGTH}:${MESSAGE},`,
  int32: `\0\0\0${String.fromCharCode(LENGTH)}${MESSAGE}`,
};

/** Some messages in a row, as they are sent. */
export function batchOf(form: Form): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(FORMS[form].repeat(BATCH));
}

/** The form that an argument names. */
export function formOf(name: string | undefined): Form {
  if (name === "lines" || name === "netstrings" || name === "int32") {
    return name;
  }
  throw new Error(`There are no messages of the form ${name}`);
}

/** What came of the messages: how many, and how many bytes they had together. */
export class Tally {
  messages = 0;
  bytes = 0;

  /** One more has come. */
  add({ length }: { readonly length: number }): void {
    this.messages++;
    this.bytes += length;
  }

  /** Makes sure that they all came, and nothing else. */
  check(): void {
    if (this.messages === MESSAGES && this.bytes === MESSAGES * LENGTH) return;
    throw new Error(
      `${this.messages} of ${MESSAGES} messages came, with ${this.bytes} bytes`,
    );
  }
}

/** Times the receiving of them all, and gives how many came in a second. */
export async function messagesPerSecond(
  receive: () => Promise<Tally>,
): Promise<number> {
  const start = performance.now();
  const tally = await receive();
  tally.check();
  return MESSAGES / ((performance.now() - start) / 1000);
}
