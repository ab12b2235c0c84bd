/**
 * Receives all the lines with the standard library's `TextLineStream`. Its
 * argument is the sender's port.
 */

import { TextLineStream } from "npm:deno-std@1.4.0/streams/text_line_stream.js";
import { answer } from "./answer.ts";
import { messagesPerSecond, Tally } from "./messages.ts";

const port = Number(Deno.args[0]);

async function receive(): Promise<Tally> {
  const tally = new Tally();
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const lines: ReadableStream<string> = conn.readable
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of lines) tally.add(line);
  return tally;
}

await answer(0, () => messagesPerSecond(receive));
