// The web streams of a transport: what arrives, and what is to be sent.

import type { Suite } from "./conformance.ts";
import { pipes } from "./web_streams_pipe_suite.ts";
import { reading } from "./web_streams_read_suite.ts";
import { writing } from "./web_streams_write_suite.ts";

/** Defines the tests. */
export function webStreamsSuite(suite: Suite): void {
  reading(suite);
  writing(suite);
  pipes(suite);
}
