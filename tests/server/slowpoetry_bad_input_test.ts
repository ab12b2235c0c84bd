import { assertEquals } from "@std/assert";
import {
  assertRefused,
  type Outcome,
  Program,
  projectPath,
  SERVER_PERMISSIONS,
} from "../support/programs.ts";

const POEM = "poetry/science.txt";

async function runServer(
  args: string[],
  permissions = SERVER_PERMISSIONS,
): Promise<Outcome> {
  await using server = new Program("server/slowpoetry.ts", args, permissions);
  return await server.outcome();
}

const BAD_INPUT: [args: string[], message: string][] = [
  [[], "Provide exactly one poem file; --help tells more."],
  [[POEM, POEM], "Provide exactly one poem file; --help tells more."],
  [["--nosuch", POEM], "No such option: --nosuch."],
  [[POEM, "--port"], "Option --port needs a value."],
  [["--port", "x", POEM], "Port must be an integer: it is x."],
  [["--listen", "tcp:0", POEM], "No such option: --listen."],
  [["--port", "70000", POEM], "Port must be from 0 to 65535: it is 70000."],
  [["--delay", "-1", POEM], "Delay must be 0 or more seconds: it is -1."],
  [["--delay", "x", POEM], "Delay must be a number of seconds: it is x."],
  [["--num-bytes", "0", POEM], "Number of bytes must be 1 or more: it is 0."],
  [["nosuch.txt"], "Cannot read nosuch.txt: no such file or directory."],
  [["poetry"], "Cannot read poetry: is a directory."],
  [
    ["--iface", "no host", POEM],
    "Cannot listen on no host:0: invalid host 'no host': invalid char found in FQDN.",
  ],
  [
    // An address that is set aside for documentation, so nobody has it.
    ["--iface", "192.0.2.1", POEM],
    "Cannot listen on 192.0.2.1:0: cannot assign requested address.",
  ],
];

for (const [args, message] of BAD_INPUT) {
  const line = ["slowpoetry.ts", ...args].join(" ");
  Deno.test(`${line} exits with 2: ${message}`, async () => {
    assertRefused(await runServer(args), message);
  });
}

Deno.test("slowpoetry.ts exits with 2 where the port is in use", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  assertRefused(
    await runServer(["--port", `${port}`, POEM]),
    `Cannot listen on 127.0.0.1:${port}: address already in use.`,
  );
});

Deno.test("slowpoetry.ts exits with 2 where the poem is empty", async () => {
  const file = await Deno.makeTempFile();
  try {
    assertRefused(await runServer([file]), `The poem is empty: ${file}.`);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("slowpoetry.ts exits with 2 where it may not read the poem", async () => {
  const file = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(file, "A poem.\n");
    await Deno.chmod(file, 0);
    const server = projectPath("server/slowpoetry.ts");
    const deno = [Deno.execPath(), "run", ...SERVER_PERMISSIONS, server, file];
    // Root reads any file, until it has given that right away.
    const isRoot = await Deno.readFile(file).then(() => true, () => false);
    const drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];
    const [command = "", ...args] = isRoot ? [...drop, ...deno] : deno;
    const { code, stderr } = await new Deno.Command(command, { args }).output();
    assertEquals(code, 2);
    assertEquals(
      new TextDecoder().decode(stderr),
      `error: Cannot read ${file}: permission denied.\n`,
    );
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("slowpoetry.ts names the permission that it was not given", async () => {
  assertRefused(
    await runServer([POEM], ["--allow-net"]),
    `No permission to read ${POEM}: deno run needs --allow-read.`,
  );
  assertRefused(
    await runServer([POEM], ["--allow-read"]),
    "No permission to use 127.0.0.1:0: deno run needs --allow-net.",
  );
});

Deno.test("slowpoetry.ts --help prints the help and exits with 0", async () => {
  const { code, stdout, stderr } = await runServer(["--help"]);
  assertEquals({ code, stderr }, { code: 0, stderr: "" });
  assertEquals(
    stdout.startsWith("Usage: slowpoetry.ts [options] POEM\n"),
    true,
  );
});
