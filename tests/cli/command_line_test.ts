import { assertEquals, assertThrows } from "@std/assert";
import {
  helpText,
  type Options,
  parseCommandLine,
} from "../../cli/command_line.ts";
import { UsageError } from "../../cli/exit.ts";
import { delay, iface, numBytes, port, timeout } from "../../cli/options.ts";

const options = { port, iface, delay, "num-bytes": numBytes };

Deno.test("options that are not given have their defaults", () => {
  const { help, values, operands } = parseCommandLine(["poem.txt"], options);
  assertEquals(help, false);
  assertEquals(operands, ["poem.txt"]);
  assertEquals(values, {
    port: 0,
    iface: "127.0.0.1",
    delay: 0.1,
    "num-bytes": 10,
  });
});

Deno.test("a value follows its option, or an equals sign", () => {
  const args = ["--port", "10000", "007", "--delay=.5", "--iface", "[::1]"];
  const { values, operands } = parseCommandLine(args, options);
  assertEquals(values.port, 10000);
  assertEquals(values.delay, 0.5);
  assertEquals(values.iface, "::1");
  assertEquals(operands, ["007"], "an operand stays as it was typed");
});

Deno.test("what stands behind -- is no option", () => {
  const { operands } = parseCommandLine(["--", "--port", "x"], options);
  assertEquals(operands, ["--port", "x"]);
});

Deno.test("help is what was asked for, whatever else is wrong", () => {
  for (const flag of ["--help", "-h"]) {
    assertEquals(parseCommandLine([flag, "--port", "x"], options).help, true);
  }
});

Deno.test("the help lists the options", () => {
  assertEquals(
    helpText("Usage: poet POEM", "\nWrites poems.\n", { port }),
    "Usage: poet POEM\n\nWrites poems.\n\nOptions:\n" +
      "  --port N  The port to listen on. Default: one that is free.\n" +
      "  --help    Print this help and exit.",
  );
});

const BAD_COMMAND_LINES: [args: string[], options: Options, message: string][] =
  [
    [["--nosuch"], options, "No such option: --nosuch."],
    [["--no-help"], options, "No such option: --no-help."],
    [["-p"], options, "No such option: -p."],
    [["--timeout", "1"], options, "No such option: --timeout."],
    [["--port"], options, "Option --port needs a value."],
    [["--port="], options, "Option --port needs a value."],
    [["--port", "x"], options, "Port must be an integer: it is x."],
    [["--port", "-1"], options, "Port must be from 0 to 65535: it is -1."],
    [["--port=70000"], options, "Port must be from 0 to 65535: it is 70000."],
    [["--delay", "x"], options, "Delay must be a number of seconds: it is x."],
    [["--delay", "-1"], options, "Delay must be 0 or more seconds: it is -1."],
    [
      ["--delay", "1e9"],
      options,
      "Delay must be at most 2147483 seconds: it is 1e9.",
    ],
    [
      ["--num-bytes", "1.5"],
      options,
      "Number of bytes must be an integer: it is 1.5.",
    ],
    [
      ["--num-bytes", "0"],
      options,
      "Number of bytes must be 1 or more: it is 0.",
    ],
    [
      ["--timeout", "0"],
      { timeout },
      "Timeout must be more than 0 seconds: it is 0.",
    ],
    [
      ["--timeout", "soon"],
      { timeout },
      "Timeout must be a number of seconds: it is soon.",
    ],
  ];

for (const [args, accepted, message] of BAD_COMMAND_LINES) {
  Deno.test(`${args.join(" ")} is refused: ${message}`, () => {
    const error = assertThrows(
      () => parseCommandLine(args, accepted),
      UsageError,
    );
    assertEquals(error.message, message);
  });
}
