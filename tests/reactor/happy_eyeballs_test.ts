import { assertEquals } from "@std/assert";
import { HappyEyeballs } from "../../reactor/happy_eyeballs.ts";

Deno.test("HappyEyeballs: a race that an attempt's own start cancels ends that attempt, and begins no other", () => {
  const alarms: (() => void)[] = [];
  const tried: string[] = [];
  const cancelled: string[] = [];
  const outcomes: unknown[] = [];
  const race = new HappyEyeballs<string>(["192.0.2.1", "192.0.2.2"], {
    connect: (address) => {
      tried.push(address);
      if (tried.length === 2) race.cancel();
      return { cancel: () => void cancelled.push(address) };
    },
    delay: 0.25,
    setAlarm: (_seconds, fn) => {
      alarms.push(fn);
      return () => {};
    },
  }, {
    succeeded: (result) => void outcomes.push(result),
    failed: (error) => void outcomes.push(error),
  });
  alarms[0]?.();
  race.cancel();
  assertEquals(tried, ["192.0.2.1", "192.0.2.2"]);
  assertEquals(cancelled, ["192.0.2.1", "192.0.2.2"]);
  assertEquals([alarms.length, outcomes], [1, []]);
});
