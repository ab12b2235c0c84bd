/**
 * All figures of the pages, in the order of their parts.
 *
 * @module
 */

import type { Figure } from "./figure.ts";
import { PART_1 } from "./parts/part_1.ts";
import { PART_2 } from "./parts/part_2.ts";
import { PART_3 } from "./parts/part_3.ts";
import { PART_4 } from "./parts/part_4.ts";
import { PART_5 } from "./parts/part_5.ts";
import { PART_6 } from "./parts/part_6.ts";
import { PART_7 } from "./parts/part_7.ts";
import { PART_8 } from "./parts/part_8.ts";
import { PART_9 } from "./parts/part_9.ts";
import { PART_10 } from "./parts/part_10.ts";

export const FIGURES: readonly Figure[] = [
  ...PART_1,
  ...PART_2,
  ...PART_3,
  ...PART_4,
  ...PART_5,
  ...PART_6,
  ...PART_7,
  ...PART_8,
  ...PART_9,
  ...PART_10,
];
