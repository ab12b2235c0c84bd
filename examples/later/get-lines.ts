/**
 * The client of line-server.ts: it asks for words over one connection, and prints the lines
 * that have them. It asks all of them at once. Each question is a deferred, which the protocol
 * keeps in a queue, since the answers come in the order of the questions.
 *
 * Terminal 1:
 *
 *     deno run --allow-net --allow-read examples/later/line-server.ts --port 10012 poetry/science.txt
 *
 * Terminal 2:
 *
 *     deno run --allow-net examples/later/get-lines.ts 10012 science wings
 *
 * @module
 */

import {
  connectProtocol,
  Deferred,
  type Failure,
  FirstError,
  gatherResults,
  HostnameEndpoint,
  LineReceiver,
  reactor,
} from "../../mod.ts";
import { type Address, parseAddress } from "../../cli/addresses.ts";
import { parseOperands } from "../../cli/client_arguments.ts";
import { requireNet } from "../../cli/permissions.ts";
import { exitOnUsageError, UsageError } from "../../cli/exit.ts";

const ABOUT = `
This is the client of the server of lines. It prints the lines that have a word:

  deno run --allow-net examples/later/get-lines.ts 10012 science wings
`;

class LineClient extends LineReceiver {
  #questions: Deferred<string[]>[] = [];
  /** Of the answer that is arriving. */
  #lines: string[] = [];

  ask(word: string): Deferred<string[]> {
    const question = new Deferred<string[]>();
    this.#questions.push(question);
    this.sendLine(new TextEncoder().encode(word));
    return question;
  }

  override lineReceived(line: Uint8Array): void {
    const text = new TextDecoder().decode(line);
    if (text !== ".") return void this.#lines.push(text);
    this.#questions.shift()?.callback(this.#lines.splice(0));
  }

  override connectionLost(reason: Failure): void {
    for (const question of this.#questions.splice(0)) question.errback(reason);
  }
}

function askAll(client: LineClient, words: string[]): Deferred<string[][]> {
  const questions = words.map((word) => client.ask(word));
  return gatherResults(questions, { consumeErrors: true })
    .addBoth((result) => {
      client.transport.loseConnection();
      return result;
    });
}

async function main() {
  const { server, words } = parse();
  const endpoint = new HostnameEndpoint(reactor, server.hostname, server.port);
  connectProtocol(endpoint, new LineClient())
    .addCallback((client) => askAll(client, words))
    .addCallback((answers) => {
      for (const line of answers.flat()) console.log(line);
    })
    .addErrback((failure) => {
      const { value } = failure;
      const reason = value instanceof FirstError ? value.subFailure : failure;
      console.error(`No answer: ${reason.getErrorMessage()}`);
      Deno.exitCode = 1;
    })
    .addBoth(() => {
      if (reactor.running) reactor.stop();
    });
  await reactor.run();
}

function parse(): { server: Address; words: string[] } {
  const operands = {
    name: "[hostname]:port WORD",
    parse: (text: string) => text,
    requirePermission() {},
  };
  const { addresses: [address = "", ...words] } = parseOperands(
    operands,
    ABOUT,
    {},
  );
  return exitOnUsageError(() => {
    const server = parseAddress(address);
    if (words.length === 0) {
      throw new UsageError("Provide a word to look for; --help tells more.");
    }
    requireNet(server);
    return { server, words };
  });
}

if (import.meta.main) await main();
