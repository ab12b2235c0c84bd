/**
 * The ways to send a long file whose memory `deno task bench:flow` measures.
 *
 * @module
 */

/** A way to send. */
export interface Way {
  /** What sends, and the name that the program that serves knows it by. */
  how: string;
  /** By how many MiB the memory may grow. */
  atMost: number;
}

/** What a `pipeTo` is held against: the same with nothing but Deno. */
export const PEER = "Deno.Conn";

/**
 * A pipe gets a new buffer for each piece from the file's stream, and the runtime
 * collects those when it likes: with plain Deno it takes as much.
 */
export const WAYS: Way[] = [
  { how: "FileSender", atMost: 16 },
  { how: "transport.writable", atMost: 25 },
];
