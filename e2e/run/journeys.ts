/** The browser's journeys, run by Playwright and counted by its report. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import type { SuiteContext, SuiteOutcome } from "./suite.ts";

interface JourneyReport {
  readonly stats: { readonly expected: number; readonly flaky: number };
  readonly errors: readonly { readonly message?: string }[];
  readonly suites: readonly JourneySuite[];
}

interface JourneySuite {
  readonly title: string;
  readonly file: string;
  readonly suites?: readonly JourneySuite[];
  readonly specs: readonly JourneySpec[];
}

interface JourneySpec {
  readonly title: string;
  readonly ok: boolean;
  readonly tests: readonly { readonly results: readonly JourneyResult[] }[];
}

interface JourneyResult {
  readonly duration: number;
  readonly errors: readonly { readonly message?: string }[];
}

const COMMAND = ["test", "-c", "e2e/playwright.config.ts", "--project", "journeys", "--reporter=json"];

export async function runJourneys(files: readonly string[], { scratch, run }: SuiteContext): Promise<SuiteOutcome> {
  const reportFile = path.join(scratch, "journeys.json");
  const result = await run("playwright", [...COMMAND, ...files], { env: { PLAYWRIGHT_JSON_OUTPUT_NAME: reportFile } });
  const ended = `playwright ended with ${result.code ?? "a signal"}`;
  if (!existsSync(reportFile))
    return { passed: 0, failures: [{ name: `${ended} and no report`, detail: result.output }], files: [] };
  const report = JSON.parse(readFileSync(reportFile, "utf8")) as JourneyReport;
  const failures = [
    ...report.errors.map((error) => ({ name: "playwright", detail: error.message ?? "" })),
    ...report.suites.flatMap((suite) => failedSpecs(suite, [])),
  ];
  if (result.code !== 0 && failures.length === 0) failures.push({ name: ended, detail: result.output.slice(-4000) });
  return {
    passed: report.stats.expected + report.stats.flaky,
    failures,
    files: report.suites.map((suite) => ({ file: `e2e/journeys/${suite.file}`, seconds: secondsOf(suite) })),
  };
}

function failedSpecs(suite: JourneySuite, above: readonly string[]): { name: string; detail: string }[] {
  const names = [...above, suite.title];
  const own = suite.specs
    .filter((spec) => !spec.ok)
    .map((spec) => ({
      name: [...names, spec.title].join(" › "),
      detail: resultsOf(spec)
        .flatMap((result) => result.errors.map((error) => error.message ?? ""))
        .join("\n"),
    }));
  return [...own, ...(suite.suites ?? []).flatMap((inner) => failedSpecs(inner, names))];
}

const resultsOf = (spec: JourneySpec): JourneyResult[] => spec.tests.flatMap((test) => [...test.results]);

function secondsOf(suite: JourneySuite): number {
  const own = suite.specs.flatMap(resultsOf).reduce((sum, result) => sum + result.duration / 1000, 0);
  return (suite.suites ?? []).reduce((sum, inner) => sum + secondsOf(inner), own);
}
