import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import type { CommandResult } from "./command.ts";
import type { TestLine } from "./reporter.ts";

export interface SuiteOutcome {
  readonly passed: number;
  readonly failures: readonly { readonly name: string; readonly detail: string }[];
}

interface SuiteContext {
  readonly root: string;
  readonly scratch: string;
  readonly run: (
    command: string,
    args: readonly string[],
    options?: { readonly env: Readonly<Record<string, string>> },
  ) => Promise<CommandResult>;
}

export interface Suite {
  readonly name: string;
  run(context: SuiteContext): Promise<SuiteOutcome>;
}

/** One after the other; those of one stage side by side. */
export const STAGES: readonly (readonly Suite[])[] = [
  [
    check("format", "biome", ["format", "."]),
    check("types", "tsc", ["--noEmit"]),
    check("lint", "eslint", [".", "--max-warnings", "0"]),
    check("dead-code", "knip", []),
  ],
  [tests("architecture", ["e2e/architecture.test.ts"])],
  [
    tests("unit", ["lib/**/*.test.ts", "components/**/*.test.{ts,tsx}", "e2e/run/*.test.ts"], {
      not: /\.contract\.test\.ts$/,
    }),
  ],
  [tests("contract", ["lib/**/*.contract.test.ts"])],
  [tests("system", ["e2e/system/*.test.ts"])],
  [{ name: "end-to-end", run: runJourneys }],
];
/** Two files at a time fit two cores: Node would take one. */
const FILES_AT_ONCE = 2;

/** A tool that either has nothing to say or fails; counts as one. */
function check(name: string, command: string, args: readonly string[]): Suite {
  return {
    name,
    run: async ({ run }) => {
      const { code, output } = await run(command, args);
      return code === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [{ name, detail: output }] };
    },
  };
}

function tests(name: string, patterns: readonly string[], { not }: { not?: RegExp } = {}): Suite {
  return {
    name,
    run: async ({ root, run }) => {
      const files = globSync([...patterns], { cwd: root })
        .filter((file) => !not?.test(file))
        .sort();
      if (files.length === 0) return { passed: 0, failures: [] };
      const reporter = path.join(import.meta.dirname, "reporter.ts");
      const loader = path.join(import.meta.dirname, "tsx-loader.ts");
      const result = await run("node", [
        `--import=${loader}`,
        "--test",
        `--test-concurrency=${FILES_AT_ONCE}`,
        `--test-reporter=${reporter}`,
        "--test-reporter-destination=stdout",
        ...files,
      ]);
      return readTestLines(result);
    },
  };
}

/** What the reporter said. An exit code that no reported failure explains is a failure too. */
export function readTestLines(result: CommandResult): SuiteOutcome {
  const lines = result.stdout
    .split("\n")
    .flatMap((text) => (text.startsWith('{"') ? [JSON.parse(text) as TestLine] : []));
  const failures = lines.filter((line) => line.outcome === "failed").map(({ name, detail }) => ({ name, detail }));
  if (result.code !== 0 && failures.length === 0)
    failures.push({
      name: `the test process ended with ${result.code ?? "a signal"}`,
      detail: result.output.slice(-4000),
    });
  return { passed: lines.filter((line) => line.outcome === "passed").length, failures };
}

interface JourneyReport {
  readonly stats: { readonly expected: number; readonly flaky: number };
  readonly errors: readonly { readonly message?: string }[];
  readonly suites: readonly JourneySuite[];
}

interface JourneySuite {
  readonly title: string;
  readonly suites?: readonly JourneySuite[];
  readonly specs: readonly {
    readonly title: string;
    readonly ok: boolean;
    readonly tests: readonly {
      readonly results: readonly { readonly errors: readonly { readonly message?: string }[] }[];
    }[];
  }[];
}

async function runJourneys({ scratch, run }: SuiteContext): Promise<SuiteOutcome> {
  const reportFile = path.join(scratch, "journeys.json");
  const { code, output } = await run(
    "playwright",
    ["test", "-c", "e2e/playwright.config.ts", "--project", "journeys", "--reporter=json"],
    { env: { PLAYWRIGHT_JSON_OUTPUT_NAME: reportFile } },
  );
  if (!existsSync(reportFile))
    return {
      passed: 0,
      failures: [{ name: `playwright ended with ${code ?? "a signal"} and no report`, detail: output }],
    };
  const report = JSON.parse(readFileSync(reportFile, "utf8")) as JourneyReport;
  const failures = [
    ...report.errors.map((error) => ({ name: "playwright", detail: error.message ?? "" })),
    ...report.suites.flatMap((suite) => failedSpecs(suite, [])),
  ];
  if (code !== 0 && failures.length === 0)
    failures.push({ name: `playwright ended with ${code ?? "a signal"}`, detail: output.slice(-4000) });
  return { passed: report.stats.expected + report.stats.flaky, failures };
}

function failedSpecs(suite: JourneySuite, above: readonly string[]): { name: string; detail: string }[] {
  const names = [...above, suite.title];
  const own = suite.specs
    .filter((spec) => !spec.ok)
    .map((spec) => ({
      name: [...names, spec.title].join(" › "),
      detail: spec.tests
        .flatMap((test) => test.results.flatMap((result) => result.errors.map((error) => error.message ?? "")))
        .join("\n"),
    }));
  return [...own, ...(suite.suites ?? []).flatMap((inner) => failedSpecs(inner, names))];
}
