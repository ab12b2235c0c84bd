// What `deno task test` loads before each file of tests.

import { limitTests, TEST_SECONDS } from "./support/time_limit.ts";

limitTests(TEST_SECONDS);
