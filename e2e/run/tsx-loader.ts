/**
 * Lets Node run components: `node --import ./e2e/run/tsx-loader.ts --test …`. Node itself strips types but compiles no
 * JSX, and knows neither style sheets nor finds `next/link` (the package has no export map).
 */
import { readFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { fileURLToPath } from "node:url";
import type TypeScript from "typescript";

const require = createRequire(import.meta.url);
let compiler: typeof TypeScript | undefined;

/** Packages without an export map: Node wants the file's whole name. */
const NEEDS_EXTENSION = /^next\/[\w-]+$/;

registerHooks({
  resolve: (specifier, context, nextResolve) =>
    nextResolve(NEEDS_EXTENSION.test(specifier) ? `${specifier}.js` : specifier, context),
  load: (url, context, nextLoad) => {
    const { pathname } = new URL(url);
    if (pathname.endsWith(".css")) return { format: "module", source: "", shortCircuit: true };
    if (!pathname.endsWith(".tsx")) return nextLoad(url, context);
    // Loaded on the first use: most test files need no compiler.
    compiler ??= require("typescript") as typeof TypeScript;
    const { outputText } = compiler.transpileModule(readFileSync(fileURLToPath(url), "utf8"), {
      fileName: pathname,
      compilerOptions: {
        target: compiler.ScriptTarget.ES2024,
        module: compiler.ModuleKind.ESNext,
        jsx: compiler.JsxEmit.ReactJSX,
        verbatimModuleSyntax: true,
        inlineSourceMap: true,
      },
    });
    return { format: "module", source: outputText, shortCircuit: true };
  },
});
