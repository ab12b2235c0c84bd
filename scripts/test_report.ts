/**
 * Counts the tests in the report that `deno test --junit-path` writes.
 *
 * @module
 */

/** How many tests ended in which way. */
export interface Counts {
  /** Ran to the end without an error. */
  passed: number;
  /** Threw, leaked, or were cut off by an error elsewhere in their file. */
  failed: number;
  /** Are marked to be ignored, here or everywhere. */
  skipped: number;
}

/** The report joins the names of a test and its step with this. */
const STEP = " &gt; ";

/**
 * Counts as the runner does in its own last line: a step belongs to its test
 * and is not counted beside it.
 *
 * @param report The JUnit report, as XML.
 */
export function countTests(report: string): Counts {
  const cases = report.matchAll(
    /<testcase name="([^"]*)" classname="([^"]*)"[^>]*>(.*?)<\/testcase>/gs,
  );
  const results = new Map<string, string>();
  for (const [, name, file, result = ""] of cases) {
    results.set(`${file} ${name}`, result);
  }
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, result] of results) {
    if (parents(name).some((parent) => results.has(parent))) continue;
    if (/<(failure|error)\b/.test(result)) counts.failed++;
    else if (/<skipped\b/.test(result)) counts.skipped++;
    else counts.passed++;
  }
  return counts;
}

/** The tests that a name would be a step of: of `a > b > c`, `a` and `a > b`. */
function parents(name: string): string[] {
  const parts = name.split(STEP);
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join(STEP));
}
