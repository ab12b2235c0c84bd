/**
 * What a comparison is: the same job done twice, by this library and by
 * something that does it without.
 *
 * @module
 */

/** What a contender may need before it is measured, and what ends it again. */
export interface Resource {
  /** Makes it ready. */
  start(): Promise<void>;
  /** Ends it, whatever state it is in. */
  end(): Promise<void>;
}

/** One side of a comparison. */
export interface Contender extends Partial<Resource> {
  /** What does the job, in a few words. */
  label: string;
  /** Does the job once, and gives the figure that came out: one of `unit`. */
  run(): number | Promise<number>;
  /** How many seconds of the processors it has used up, where the system tells. */
  cpuSeconds?(): number;
}

/** A comparison. It wants one of the three limits. */
export interface Scenario {
  /** The job. */
  name: string;
  /** What it is compared with. */
  against: string;
  /** What the figures are in: `"poems/s"`, `"MiB"`. */
  unit: string;
  /** This library's side. */
  ours: Contender;
  /** The other side. */
  peer: Contender;
  /**
   * What is compared in place of the figures: how much of the job a second of a
   * processor does, for jobs whose other end is the slower one.
   */
  by?: "cpu";
  /** Where it falls short: what its profile says. */
  profile?: string;
  /** What both sides need: it is started first and ended last. */
  shared?: Resource[];
  /** Of figures where more is better: ours is at least so many times theirs. */
  atLeast?: number;
  /** Of figures where less is better: ours is at most so many times theirs. */
  atMost?: number;
  /** Of figures where less is better: ours is more than theirs by no more than this. */
  atMostMore?: number;
  /** Says why this machine cannot measure it, if it cannot. */
  unavailable?(): string | undefined;
}

/**
 * Times a piece of work that is done `count` times over.
 *
 * @param count How often the work is done in one call.
 * @param work Does it that often.
 * @returns How often it is done in a second.
 */
export function rate(count: number, work: () => void): number {
  const start = performance.now();
  work();
  return count / ((performance.now() - start) / 1000);
}
