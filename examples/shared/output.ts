/**
 * What every example imports that prints something: where nobody takes it, as behind
 * `| head -1`, the example ends without a stack trace.
 *
 * @module
 */

import { endWithOutput } from "../../cli/exit.ts";

endWithOutput();
