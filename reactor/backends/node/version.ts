/** The oldest supported. Scripts read it without loading the backend. */
export const OLDEST_NODE = "20.19";

interface Versioned {
  readonly versions: { readonly node: string };
  /** Missing before 20.16, and from 21.0 to 22.2. */
  readonly getBuiltinModule?: unknown;
}

/** @throws {Error} if Node is too old */
export function checkNodeVersion(process: Versioned): void {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split(".").map(Number);
  const isOld = major < 20 || major === 20 && minor < 19;
  if (!isOld && process.getBuiltinModule !== undefined) return;
  throw new Error(
    `Deferno needs Node.js ${OLDEST_NODE} or newer, of 22 at least 22.3: this is ${node}`,
  );
}
