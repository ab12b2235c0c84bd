/**
 * Receives all the lines with Node's `readline`, on Node. Its arguments are the
 * sender's port, how many lines there are, and how many bytes each has.
 */

import { once } from "node:events";
import { connect } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";

const [port, messages, length] = process.argv.slice(2).map(Number);

async function receive() {
  let count = 0;
  let bytes = 0;
  const input = connect(port, "127.0.0.1");
  const lines = createInterface({ input, crlfDelay: Infinity });
  lines.on("line", (line) => {
    count++;
    bytes += line.length;
  });
  await once(lines, "close");
  if (count === messages && bytes === messages * length) return;
  throw new Error(`${count} of ${messages} lines came, with ${bytes} bytes`);
}

console.log(0);
for await (const _order of process.stdin) {
  const start = performance.now();
  await receive();
  console.log(messages / ((performance.now() - start) / 1000));
}
