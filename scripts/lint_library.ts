/**
 * What `deno lint` checks in the library beside its own rules. It reads the
 * syntax tree, so a name in a comment or a string is none.
 *
 * @module
 */

/** Where Deno may be named: the runtime stands behind the backends. */
const RUNTIME_FILE = /^reactor\/backends\/[^/]+\.ts$/;
const LIBRARY_FILE = /^(defer|reactor)\//;
const DEFER_FILE = /^defer\//;
const MOD_FILE = /(^|\/)mod\.ts$/;
const TIMERS = ["setTimeout", "setInterval", "setImmediate"];

/** The rules, under the name `deferno/…`. */
const plugin: Deno.lint.Plugin = {
  name: "deferno",
  rules: {
    "no-runtime-names": { create: noRuntimeNames },
    "no-timers-in-defer": { create: noTimersInDefer },
    "mod-only-exports": { create: modOnlyExports },
  },
};

export default plugin;

/** The path below the work tree, so that the folders above it don't count. */
function projectPath(context: Deno.lint.RuleContext): string {
  const root = new URL("..", import.meta.url).pathname;
  const path = context.filename.replaceAll("\\", "/");
  return path.startsWith(root) ? path.slice(root.length) : path;
}

function noRuntimeNames(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const path = projectPath(context);
  if (!LIBRARY_FILE.test(path) || RUNTIME_FILE.test(path)) return {};
  return {
    Identifier(node) {
      if (node.name !== "Deno") return;
      context.report({
        node,
        message: "Only reactor/backends/ may name Deno",
        hint: "Reach the runtime through the backend that is handed in",
      });
    },
  };
}

function noTimersInDefer(
  context: Deno.lint.RuleContext,
): Deno.lint.LintVisitor {
  if (!DEFER_FILE.test(projectPath(context))) return {};
  return {
    Identifier(node) {
      if (!TIMERS.includes(node.name)) return;
      context.report({
        node,
        message: `defer/ has no timers: ${node.name} is one`,
        hint: "Take a Scheduler as an argument, and use its callLater",
      });
    },
  };
}

function modOnlyExports(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const path = projectPath(context);
  if (!MOD_FILE.test(path)) return {};
  return {
    Program(program) {
      for (const node of program.body) {
        if (node.type === "ExportAllDeclaration") continue;
        if (node.type === "ExportNamedDeclaration" && node.source) continue;
        context.report({
          node,
          message: "A mod.ts only exports what other files hold",
          hint: "Move this into a file named for it, and export it from there",
        });
      }
    },
  };
}
