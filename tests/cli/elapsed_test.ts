import { assertEquals } from "@std/assert";
import { formatElapsed } from "../../cli/elapsed.ts";

Deno.test("elapsed time has hours, minutes, seconds and microseconds", () => {
  assertEquals(formatElapsed(0), "0:00:00.000000");
  assertEquals(formatElapsed(10126.361), "0:00:10.126361");
  assertEquals(formatElapsed(3_600_000 + 62_000.001), "1:01:02.000001");
  assertEquals(formatElapsed(36 * 3_600_000), "36:00:00.000000");
});

Deno.test("elapsed time carries over where it is rounded up", () => {
  assertEquals(formatElapsed(59_999.9999), "0:01:00.000000");
});
