/** A program that imports the library, and does nothing with it. */

import "../../mod.ts";
