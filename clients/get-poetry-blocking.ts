/**
 * The blocking client: it gets one poem after the other. While it waits for the next
 * bytes of one server, the others may have sent all they like: nobody looks. So three
 * poems take as long as their three times added up.
 *
 * Terminals 1, 2 and 3, a server in each:
 *
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10000 --num-bytes 30 poetry/ecstasy.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10001 poetry/fascination.txt
 *     deno run --allow-net --allow-read server/slowpoetry.ts --port 10002 poetry/science.txt
 *
 * Terminal 4:
 *
 *     deno run --allow-net clients/get-poetry-blocking.ts 10000 10001 10002
 *
 * @module
 */

import { type Address, formatAddress } from "../cli/addresses.ts";
import { parseArguments } from "../cli/client_arguments.ts";
import { formatElapsed } from "../cli/elapsed.ts";
import { reasonOf } from "../cli/exit.ts";

const ABOUT = `
This is the poetry client that blocks. It gets one poem after the other, from the
ports in the order you give them:

  deno run --allow-net clients/get-poetry-blocking.ts 10000 10001 10002

A server for each of them has to be running; see server/slowpoetry.ts.
`;

/** Gets a whole poem: the server closes the connection when it has sent the last of it. */
async function getPoetry(address: Address): Promise<Uint8Array> {
  using connection = await Deno.connect(address);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  while (true) {
    const piece = new Uint8Array(1024);
    // Everything waits here until this one server has something to say.
    const count = await connection.read(piece);
    if (count === null) return await new Blob(pieces).bytes();
    pieces.push(piece.subarray(0, count));
  }
}

async function main() {
  const { addresses } = parseArguments(ABOUT);
  const begin = performance.now();
  let poems = 0;

  for (const [i, address] of addresses.entries()) {
    const task = `Task ${i + 1}`;
    const server = formatAddress(address);
    console.log(`${task}: get poetry from: ${server}`);
    const start = performance.now();
    try {
      const poem = await getPoetry(address);
      const time = formatElapsed(performance.now() - start);
      console.log(
        `${task}: got ${poem.length} bytes of poetry from ${server} in ${time}`,
      );
      poems++;
    } catch (error) {
      console.error(`${task}: no poetry from ${server}: ${reasonOf(error)}`);
      Deno.exitCode = 1;
    }
  }

  console.log(
    `Got ${poems} poems in ${formatElapsed(performance.now() - begin)}`,
  );
}

await main();
