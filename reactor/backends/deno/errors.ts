import type { Reason } from "../errors.ts";

export function reasonOf(error: unknown): Reason {
  const { message } = error instanceof Error ? error : new Error(String(error));
  // Deno adds the error's number and the call.
  const words = message.replace(/ \(os error \d+\).*$/, "");
  const text = words.charAt(0).toLowerCase() + words.slice(1);
  return { kind: kindOf(error, text), text, error };
}

function kindOf(error: unknown, text: string): Reason["kind"] {
  const { errors } = Deno;
  // A failed look-up is a plain Error; an invalid name is a URIError.
  if (text.includes("lookup address") || error instanceof URIError) {
    return "name";
  }
  if (error instanceof errors.ConnectionRefused) return "refused";
  if (error instanceof errors.TimedOut) return "timedOut";
  if (
    error instanceof errors.NetworkUnreachable ||
    /network is unreachable/i.test(text)
  ) {
    return "unreachable";
  }
  return error instanceof errors.WouldBlock ? "busy" : "other";
}

/** Whether the peer had reset the waiting connection, whose address is lost. */
export function wasReset(error: unknown): boolean {
  return error instanceof Deno.errors.NotConnected ||
    error instanceof Deno.errors.ConnectionReset ||
    error instanceof Deno.errors.ConnectionAborted;
}
