/**
 * The running program, as Deno knows it. On Node `program_node.ts` stands in.
 *
 * @module
 */

/** The running program. */
export const program = {
  /** What was typed behind its name. */
  args: Deno.args as readonly string[],
  /** The name of its file: `slowpoetry.ts`. */
  get name(): string {
    return new URL(Deno.mainModule).pathname.split("/").at(-1) ?? "";
  },
  /** The exit status that it ends with when there is nothing left to do. */
  set exitCode(status: number) {
    Deno.exitCode = status;
  },
  /** Ends at once. */
  exit(status: number): never {
    Deno.exit(status);
  },
  /** Runs its main function. An error out of that ends the program. */
  run(main: () => Promise<void>): void {
    main();
  },
  /** Reads a file. */
  readFile(path: string): Uint8Array<ArrayBuffer> {
    return Deno.readFileSync(path);
  },
};
