/**
 * What is worth saying aloud, of all that happens.
 *
 * @module
 */

import type { Event } from "../../worker/messages.ts";
import type { Poems } from "./poems.ts";
import { showSeconds } from "./words.ts";

/** An event in words, if it is a milestone; the poems have taken it already. */
export function milestone(event: Event, poems: Poems): string | undefined {
  switch (event.what) {
    case "closed": {
      const poem = poems.at(event.time).find(({ port }) => port === event.port);
      if (poem === undefined) return undefined;
      const how = poem.state === "complete" ? "is complete" : "was cut off";
      return `${poem.name} ${how} after ${showSeconds(poem.took ?? 0)}.`;
    }
    case "server ended":
      return `The server on port ${event.port} was ended.`;
    case "fired":
      return `Deferred ${event.deferred} was fired with a ${
        event.failed ? "failure" : "result"
      }.`;
  }
  return undefined;
}
