import { assertEquals } from "@std/assert";
import { Program } from "../../support/programs.ts";

/** What comes of connecting to an endpoint with these permissions. */
async function connecting(
  description: string,
  permissions: string[],
): Promise<string> {
  await using program = new Program(
    "tests/reactor/programs/endpoint.ts",
    [description],
    ["--no-prompt", ...permissions],
  );
  return (await program.outcome()).stdout.trimEnd();
}

Deno.test("without --allow-read, an endpoint with certificates says so", async () => {
  const description = "ssl:h:443:certKey=k.pem";
  assertEquals(
    await connecting(description, []),
    `Error: Cannot read the endpoint "${description}": cannot read k.pem: ` +
      'requires read access to "k.pem", run again with the --allow-read flag',
  );
});

Deno.test("without --allow-net, a look-up says so", async () => {
  assertEquals(
    await connecting("tls:poems.test:443", []),
    "DNSLookupError: Cannot look up poems.test: " +
      'requires net access to "poems.test", run again with the --allow-net flag',
  );
});
