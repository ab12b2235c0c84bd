import {
  expectAll,
  type Expectations,
  PROTOCOL_VERSIONS,
  type Version,
  VERSIONS,
} from "./expectations.ts";

function usage(version: string): string {
  return `Usage: get-poetry-${version}.ts [options] [hostname]:port ...\n`;
}

function perVersion(
  versions: readonly Version[],
  expected: (version: Version) => Expectations[string],
): Expectations {
  return Object.fromEntries(versions.map((name) => [name, expected(name)]));
}

for (const args of [[], ["--help"], ["10000", "-h"]]) {
  const line = args.join(" ") || "no address";
  Deno.test(`with ${line}, every client prints its help`, async () => {
    await expectAll(
      args,
      perVersion(VERSIONS, (version) => {
        const file = `get-poetry-${version}.ts`;
        const takesTimeout = PROTOCOL_VERSIONS.includes(version);
        const escaped = RegExp.escape(usage(version));
        return {
          stdout: new RegExp(
            `^${escaped}\nThis is the poetry client[^]*clients/${
              RegExp.escape(file)
            } ` +
              `[^]*Options:\n${
                takesTimeout ? "  --timeout SECONDS .*\n" : ""
              }  --help `,
          ),
        };
      }),
    );
  });
}

const BAD_INPUT: [args: string[], message: string, versions?: Version[]][] = [
  [["x"], 'Ports must be integers, got "x".'],
  [
    ["10000", "localhost:0"],
    'Ports must be from 1 to 65535, got "localhost:0".',
  ],
  [["70000"], 'Ports must be from 1 to 65535, got "70000".'],
  [["--nosuch", "10000"], "No such option: --nosuch."],
  [["--timeout", "1", "10000"], "No such option: --timeout.", [
    "async",
    "1",
    "1-broken",
  ]],
  [
    ["--timeout", "x", "10000"],
    "Timeout must be a number of seconds: it is x.",
    PROTOCOL_VERSIONS,
  ],
  [
    ["--timeout", "0", "10000"],
    "Timeout must be more than 0 seconds: it is 0.",
    PROTOCOL_VERSIONS,
  ],
  [
    ["--timeout", "-1", "10000"],
    "Timeout must be more than 0 seconds: it is -1.",
    PROTOCOL_VERSIONS,
  ],
  [
    ["10000", "--timeout"],
    "Option --timeout needs a value.",
    PROTOCOL_VERSIONS,
  ],
];

for (const [args, message, versions = VERSIONS] of BAD_INPUT) {
  Deno.test(`with ${args.join(" ")}, clients exit with 2: ${message}`, async () => {
    await expectAll(
      args,
      perVersion(versions, (version) => ({
        code: 2,
        stderr: `${usage(version)}\nerror: ${message}\n`,
      })),
      versions,
    );
  });
}
