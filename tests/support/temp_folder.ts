// Folders that a test has for itself.

/** A folder. Disposing of it removes it, and all that is in it. */
export interface TempFolder extends Disposable {
  /** Where it is. */
  readonly path: string;
}

/** Makes an empty folder. */
export function tempFolder(): TempFolder {
  const path = Deno.makeTempDirSync();
  return {
    path,
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}
