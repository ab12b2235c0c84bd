// What a function prints.

/** Gives the lines that a function hands to the console, which are not printed. */
export async function capturing(
  method: "log" | "error",
  fn: () => Promise<void> | void,
): Promise<string[]> {
  const original = console[method];
  const lines: string[] = [];
  console[method] = (...values: unknown[]) => {
    lines.push(values.map(String).join(" "));
  };
  try {
    await fn();
  } finally {
    console[method] = original;
  }
  return lines;
}
