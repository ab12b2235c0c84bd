/**
 * Builds the npm package with dnt, and checks it: `deno task build:npm VERSION`. It
 * stands in npm/ then, to be published from there.
 *
 * dnt comes from JSR. Where that cannot be reached, `deno task test:npm` builds
 * the same package in another way.
 *
 * @module
 */

import { build, emptyDir } from "jsr:@deno/dnt@^0.43.0";
import { checkPackage } from "./npm_check.ts";
import {
  ENTRY_POINTS,
  finishPackage,
  NAME,
  RUNTIME_TYPES,
} from "./npm_package.ts";

const OUT_DIR = "./npm";

/** As npm takes it: `1.0.0`, `1.0.0-rc.1`. */
const VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

async function main(): Promise<void> {
  const [version = ""] = Deno.args;
  if (!VERSION.test(version)) {
    console.error("Usage: deno task build:npm VERSION, as in 1.0.0");
    Deno.exit(2);
  }
  await emptyDir(OUT_DIR);
  await build({
    entryPoints: [...ENTRY_POINTS],
    outDir: OUT_DIR,
    // Node's require() loads ES modules, and one copy is enough for a process.
    scriptModule: false,
    shims: {},
    polyfills: false,
    package: { name: NAME, version, devDependencies: RUNTIME_TYPES },
    // Those that are made for the package are run below, as they are without dnt.
    test: false,
    compilerOptions: {
      target: "ES2022",
      lib: ["ES2022", "DOM"],
      noUncheckedIndexedAccess: true,
    },
  });
  await finishPackage(OUT_DIR, version);
  await checkPackage(OUT_DIR);
}

if (import.meta.main) await main();
