import { assert, assertEquals } from "@std/assert";
import {
  assertRefused,
  type Outcome,
  Program,
  SERVER_PERMISSIONS,
} from "../support/programs.ts";

const FILES = ["server/fastpoetry.ts", "server/slowpoetry-reactor.ts"];
const POEM = "poetry/science.txt";
const ALL_PERMISSIONS = [
  ...SERVER_PERMISSIONS,
  "--allow-run",
  "--unstable-net",
];

async function runServer(
  file: string,
  args: string[],
  permissions = ALL_PERMISSIONS,
): Promise<Outcome> {
  await using server = new Program(file, args, permissions);
  return await server.outcome();
}

const BAD_INPUT: [args: string[], message: string][] = [
  [[], "Provide exactly one poem file; --help tells more."],
  [["nosuch.txt"], "Cannot read nosuch.txt: no such file or directory."],
  [["poetry"], "Cannot read poetry: is a directory."],
  [
    ["--port", "0", "--listen", "tcp:0", POEM],
    "Cannot take --port beside --listen.",
  ],
  [
    ["--listen=tcp:0", "--iface=localhost", POEM],
    "Cannot take --iface beside --listen.",
  ],
  [["--port", "70000", POEM], "Port must be from 0 to 65535: it is 70000."],
  [
    ["--max-clients", "0", POEM],
    "Number of clients must be 1 or more: it is 0.",
  ],
  [
    ["--max-clients", "many", POEM],
    "Number of clients must be an integer: it is many.",
  ],
  [["--workers", "0", POEM], "Number of workers must be 1 or more: it is 0."],
  [
    ["--workers", "1001", POEM],
    "Number of workers must be at most 1000: it is 1001.",
  ],
  [
    ["--workers", "1.5", POEM],
    "Number of workers must be an integer: it is 1.5.",
  ],
  [
    ["--workers", "3", "--max-clients", "2", POEM],
    "Number of clients must be at least one for each of 3 workers: it is 2.",
  ],
  [
    ["--listen", "nowhere", POEM],
    'Cannot read the endpoint "nowhere": it must begin with tcp:, tcp6:, unix:, ssl:.',
  ],
  [
    ["--listen", "tcp:10000:inface=::1", POEM],
    'Cannot read the endpoint "tcp:10000:inface=::1": there is no argument inface: tcp: takes port, interface, backlog.',
  ],
  [
    ["--workers", "2", "--listen", "tcp:70000", POEM],
    'Cannot read the endpoint "tcp:70000": port must be an integer from 0 to 65535, got 70000.',
  ],
  [
    ["--workers", "2", "--listen", "tcp:0:interface=192.0.2.1", POEM],
    "Cannot listen on 192.0.2.1:0: cannot assign requested address.",
  ],
  [
    ["--listen", "tcp:0:interface=192.0.2.1", POEM],
    "Cannot listen on 192.0.2.1:0: cannot assign requested address.",
  ],
  [["--drain", "-1", POEM], "Drain must be 0 or more seconds: it is -1."],
  [
    ["--iface", "no host", POEM],
    "Cannot listen on no host:0: invalid host 'no host': invalid char found in FQDN.",
  ],
  [
    // An address that is set aside for documentation, so nobody has it.
    ["--iface", "192.0.2.1", POEM],
    "Cannot listen on 192.0.2.1:0: cannot assign requested address.",
  ],
  [
    ["--iface", "192.0.2.1", "--workers", "2", POEM],
    "Cannot listen on 192.0.2.1:0: cannot assign requested address.",
  ],
];

for (const file of FILES) {
  const name = file.replace(/.*\//, "");

  for (const [args, message] of BAD_INPUT) {
    Deno.test(`${[name, ...args].join(" ")} exits with 2: ${message}`, async () => {
      assertRefused(await runServer(file, args), message);
    });
  }

  for (const workers of ["1", "2"]) {
    Deno.test(`${name} --workers ${workers} exits with 2 where the port is in use`, async () => {
      using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      const { port } = listener.addr;
      assertRefused(
        await runServer(file, [`--port=${port}`, `--workers=${workers}`, POEM]),
        `Cannot listen on 127.0.0.1:${port}: address already in use.`,
      );
    });
  }

  Deno.test(`${name} --listen unix: has no port that workers could share`, async () => {
    const args = ["--workers=2", "--listen=unix:/tmp/poetry", POEM];
    assertRefused(
      await runServer(file, args, [...ALL_PERMISSIONS, "--allow-write"]),
      "Workers share a port, and there is none to share: unix:/tmp/poetry.",
    );
  });

  Deno.test(`${name} names the permissions that it was not given`, async () => {
    const workers = "Cannot start workers on one port: deno run needs";
    const wishes: [permissions: string[], message: string][] = [
      [["--allow-read", "--unstable-net"], `${workers} --allow-run.`],
      [["--allow-read", "--allow-run"], `${workers} --unstable-net.`],
      [["--allow-read"], `${workers} --allow-run and --unstable-net.`],
      [
        ["--allow-read", "--allow-run", "--unstable-net"],
        "No permission to use 127.0.0.1:0: deno run needs --allow-net.",
      ],
      [
        ["--allow-net"],
        `No permission to read ${POEM}: deno run needs --allow-read.`,
      ],
    ];
    for (const [permissions, message] of wishes) {
      const args = ["--workers", "2", POEM];
      assertRefused(await runServer(file, args, permissions), message);
    }
  });

  Deno.test(`${name} --help prints the help, without what is for workers alone`, async () => {
    const { code, stdout, stderr } = await runServer(file, ["--help"]);
    assertEquals({ code, stderr }, { code: 0, stderr: "" });
    assert(stdout.startsWith(`Usage: ${name} [options] POEM\n`));
    assert(stdout.includes("  --workers N "), stdout);
    assert(!stdout.includes("--worker "), stdout);
    for (const [line] of stdout.matchAll(/^ +--.*$/gm)) {
      assert(line.length <= 80, line);
    }
  });
}
