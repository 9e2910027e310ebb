/** What `npm test` runs, in which order, and how the outcome of each tool is counted. */
import { globSync } from "node:fs";
import path from "node:path";
import type { CommandResult } from "./command.ts";
import { runJourneys } from "./journeys.ts";
import type { FileLine, TestLine } from "./reporter.ts";
import type { Suite, SuiteContext, SuiteOutcome } from "./suite.ts";

const CODE = /\.(ts|tsx|mjs)$/;
/** what the pages are made of, and what they import */
const BUILT = /^(app|components|lib)\/|^(next|postcss)\.config\.mjs$|^package-lock\.json$/;
const FORMATTED = /\.(ts|tsx|mjs|json|css|md)$/;

/** Two files at a time fit two cores: Node would take one. */
const FILES_AT_ONCE = 2;
/**
 * The longest begin first, so that none of them is left over at the end. The three that hold what Flowtap reports
 * against the clock (causes, example-system-counts, lag-truth) have one beside them that mostly waits.
 */
const FIRST_SYSTEM_TESTS = [
  "causes",
  "replay-reset",
  "replay-skip",
  "secured-kafka",
  "alerts",
  "example-system-counts",
  "spring-kafka",
  "lag-truth",
  "replay",
  "tap-crash",
];

/** One after the other; those of one stage side by side. */
export const STAGES: readonly (readonly Suite[])[] = [
  [
    check("format", "biome", ["format", "--no-errors-on-unmatched"], { changed: FORMATTED, all: ["."] }),
    check("types", "tsc", ["--noEmit"]),
    check("lint", "oxlint", ["--type-aware", "--max-warnings", "0"], { changed: CODE, all: ["."] }),
    check("dead-code", "knip", []),
    tests("architecture", ["e2e/architecture/*.test.ts"]),
    // System tests and journeys start the web and brokers: none of them has to wait for a build.
    { name: "build", run: build },
  ],
  [
    tests("unit", ["lib/**/*.test.ts", "components/**/*.test.{ts,tsx}", "e2e/run/*.test.ts"], {
      not: /\.contract\.test\.ts$/,
    }),
  ],
  [tests("contract", ["lib/**/*.contract.test.ts"])],
  [tests("system", ["e2e/system/*.test.ts"], { first: FIRST_SYSTEM_TESTS })],
  [{ name: "end-to-end", run: journeys }],
];

/** A tool that prints nothing or fails; counts as one test. With `files`, the files to check are its arguments. */
function check(
  name: string,
  command: string,
  args: readonly string[],
  files?: { readonly changed: RegExp; readonly all: readonly string[] },
): Suite {
  return {
    name,
    run: async ({ run, only }) => {
      const given =
        files === undefined ? [] : (only?.changed.filter((file) => files.changed.test(file)) ?? [...files.all]);
      if (files !== undefined && given.length === 0) return null;
      const { code, output } = await run(command, [...args, ...given]);
      return code === 0
        ? { passed: 1, failures: [], files: [] }
        : { passed: 0, failures: [{ name, detail: output }], files: [] };
    },
  };
}

interface TestOptions {
  readonly not?: RegExp;
  /** the names of the files to begin with; the others follow by name */
  readonly first?: readonly string[];
}

function tests(name: string, patterns: readonly string[], { not, first = [] }: TestOptions = {}): Suite {
  return {
    name,
    run: async ({ root, run, only }) => {
      const files = globSync([...patterns], { cwd: root })
        .filter((file) => !not?.test(file) && (only?.tests.has(file) ?? true))
        .sort((a, b) => rank(a, first) - rank(b, first) || (a < b ? -1 : 1));
      if (files.length === 0) return only === null ? { passed: 0, failures: [], files: [] } : null;
      const [loader, runner] = ["tsx-loader.ts", "in-order.ts"].map((file) => path.join(import.meta.dirname, file));
      const result = await run("node", [`--import=${loader}`, runner ?? "", `${FILES_AT_ONCE}`, ...files]);
      return readTestLines(result, root);
    },
  };
}

/** Of a file that is not among the first: behind them all. */
function rank(file: string, first: readonly string[]): number {
  const at = first.indexOf(path.basename(file, ".test.ts"));
  return at < 0 ? first.length : at;
}

async function build({ run, only }: SuiteContext): Promise<SuiteOutcome | null> {
  if (only !== null && only.changed.every((file) => !BUILT.test(file))) return null;
  const loader = path.join(import.meta.dirname, "tsx-loader.ts");
  const prepared = only === null ? ["archive-kafka.ts", "make-postgres-template.ts", "unpack-rabbitmq.ts"] : [];
  const parts = [["lib/web/build.ts"], ...prepared.map((file) => [`--import=${loader}`, `e2e/stack/${file}`])];
  const results = await Promise.all(parts.map((args) => run("node", args)));
  const failures = results.filter(({ code }) => code !== 0).map(({ output }) => ({ name: "build", detail: output }));
  return { passed: failures.length === 0 ? 1 : 0, failures, files: [] };
}

async function journeys(context: SuiteContext): Promise<SuiteOutcome | null> {
  const { only } = context;
  const files = only === null ? [] : [...only.tests].filter((file) => file.endsWith(".spec.ts"));
  return only !== null && files.length === 0 ? null : runJourneys(files, context);
}

/** What the reporter printed. An exit code that no reported failure explains is a failure too. */
export function readTestLines(result: CommandResult, root = ""): SuiteOutcome {
  const lines = result.stdout
    .split("\n")
    .flatMap((text) => (text.startsWith('{"') ? [JSON.parse(text) as TestLine | FileLine] : []));
  const tested = lines.filter((line): line is TestLine => "outcome" in line);
  const failures = tested.filter((line) => line.outcome === "failed").map(({ name, detail }) => ({ name, detail }));
  if (result.code !== 0 && failures.length === 0)
    failures.push({
      name: `the test process ended with ${result.code ?? "a signal"}`,
      detail: result.output.slice(-4000),
    });
  return {
    passed: tested.filter((line) => line.outcome === "passed").length,
    failures,
    leftOut: tested.flatMap(({ outcome, name, detail }) =>
      outcome === "skipped" ? [detail === "" ? name : `${name} (${detail})`] : [],
    ),
    files: lines.flatMap((line) =>
      "seconds" in line ? [{ file: path.relative(root, line.file), seconds: line.seconds }] : [],
    ),
  };
}
