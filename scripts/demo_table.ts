/**
 * The end of the demonstration: what each client took, and why.
 *
 * @module
 */

import type { Client } from "./demo_clients.ts";
import {
  LEGEND,
  type Paint,
  seconds,
  styleOf,
  timeLine,
  wrap,
} from "./demo_frame.ts";
import type { Race } from "./demo_lanes.ts";

/** A client that has run. */
export interface Result {
  client: Client;
  race: Race;
}

const IN_TURN =
  "One poem after the other: it waits for one server, and two servers wait for it. The three times add up.";
const AT_ONCE =
  "All three at once: whoever has something to read is read. It takes as long as the slowest poem.";

/** Draws the table: a row a server, and below them the reason. */
export function drawTable(
  results: readonly Result[],
  columns: number,
  paint: Paint,
): string[] {
  const width = Math.max(40, columns - 1);
  const longest = Math.max(...results.map(({ race }) => race.elapsed()));
  const rows = [paint("Three poems from three slow servers", "bold"), LEGEND];
  for (const { client, race } of results) {
    rows.push("");
    const head = `${client.name.padEnd(10)}${
      seconds(race.elapsed()).padStart(7)
    }`;
    race.lanes.forEach((lane, i) => {
      const bar = timeLine(race, lane, longest, width - 32);
      const first = i === 0 ? paint(head, "bold") : " ".repeat(head.length);
      rows.push(
        `${first}  ${lane.name.padEnd(12)} ${paint(bar, styleOf(i))}`.trimEnd(),
      );
    });
    rows.push(...wrap(client.inTurn ? IN_TURN : AT_ONCE, width));
  }
  return rows;
}
