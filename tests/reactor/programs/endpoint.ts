// Reads the string of an endpoint and connects to it, for tests of permissions.

import {
  clientFromString,
  connectProtocol,
  Protocol,
  reactor,
} from "../../../mod.ts";

async function main() {
  const [description = ""] = Deno.args;
  connectProtocol(clientFromString(reactor, description), new Protocol())
    .addCallbacks(
      () => console.log("connected"),
      (failure) => console.log(`${failure.value}`),
    )
    .addBoth(() => reactor.stop());
  await reactor.run();
}

await main().catch((error) => console.log(`${error}`));
